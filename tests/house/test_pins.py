import json
import re
from importlib.metadata import version

import pytest
from packaging.version import Version

from tests.house import ROOT

pytestmark = pytest.mark.unit

# Older ones have the faults that our code relies on being mended.
FLOORS = {
    "django": "5.2.19",
    "django-viewflow": "2.4.0",
    "django-guardian": "3.3",
    "django-simple-history": "3.13.0",
    "weasyprint": "69.0",
    "pytest-django": "4.12",
}
LISTS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"]


def lines_of(name: str) -> list[str]:
    text = (ROOT / name).read_text()
    return [line for line in text.splitlines() if line and line[0] not in "#-"]


def pins() -> dict[str, str]:
    pairs = (line.split("==") for name in LISTS[:2] for line in lines_of(name))
    return {name.lower(): pinned for name, pinned in pairs}


@pytest.mark.parametrize("name", LISTS)
def test_requirements_are_exact_and_sorted(name):
    wrong = [line for line in lines_of(name) if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert wrong == []
    for block in (ROOT / name).read_text().split("\n\n"):
        names = [line.split("==")[0].lower() for line in block.splitlines() if "==" in line]
        assert names == sorted(names)


def test_requirements_name_nothing_twice():
    names = [line.split("==")[0].lower() for name in LISTS for line in lines_of(name)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_requirement_is_not_older_than_its_floor(name, floor):
    assert Version(pins()[name]) >= Version(floor)


def test_installed_versions_are_the_pinned_ones():
    installed = {name: version(name) for name in pins()}
    assert installed == pins()


def test_front_end_packages_are_exact_and_locked_without_addresses():
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == package["dependencies"]
    locked = {f"node_modules/{name}": pin for name, pin in package["dependencies"].items()}
    assert {name: lock[name]["version"] for name in locked} == locked
    assert [name for name, entry in lock.items() if "resolved" in entry] == []
