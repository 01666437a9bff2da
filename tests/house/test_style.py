import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import ROOT

pytestmark = pytest.mark.unit

VAGUE_NAMES = {"utils", "helpers", "common", "manager", "service", "engine"}
OUTSIDE = {".venv", "node_modules", "var", ".git"}


def files(pattern: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob(pattern)):
        inside = path.relative_to(ROOT)
        if inside.parts[0] not in OUTSIDE:
            yield inside


def python_files() -> Iterator[Path]:
    return (path for path in files("*.py") if "migrations" not in path.parts)


def lines(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse("\n".join(lines(path)))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > 60:
                yield f"{path}:{node.lineno} {node.name} has {length} lines"


def test_no_python_file_has_over_400_lines():
    assert [str(path) for path in python_files() if len(lines(path)) > 400] == []


def test_no_function_has_over_60_lines():
    assert [found for path in python_files() for found in long_functions(path)] == []


def test_no_template_has_over_80_lines():
    templates = [path for path in files("*.html") if "templates" in path.parts]
    assert [str(path) for path in templates if len(lines(path)) > 80] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [str(path) for path in files("*.py") if path.stem in VAGUE_NAMES] == []


def test_no_template_carries_script_or_style_of_its_own():
    forbidden = ("<script>", "<style", " style=", " onclick=", " onchange=", "|safe", "javascript:")
    found = [
        f"{path}:{number} {word}"
        for path in files("*.html")
        if "templates" in path.parts and "legal_basis" not in path.parts
        for number, line in enumerate(lines(path), start=1)
        for word in forbidden
        if word in line
    ]
    assert found == []


@pytest.mark.parametrize("script", ["setup", "system_packages", "check", "format", "test"])
def test_shell_script_has_no_syntax_error(script):
    subprocess.run(["bash", "-n", str(ROOT / "bin" / script)], check=True)
