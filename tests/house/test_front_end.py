import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from tests.house import ROOT

pytestmark = pytest.mark.integration
LITERAL_ICON = re.compile(r"""\{% icon ["']([a-z0-9-]+)["']""")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def front_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that writes elsewhere, with icons of the test's choosing."""
    loader = SourceFileLoader("front_end", str(ROOT / "bin" / "front_end"))
    spec = spec_from_loader("front_end", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    names = tmp_path / "icons.txt"
    names.write_text("# in use\nstar-filled\ncheck  # ticks\n\ncheck\n")
    monkeypatch.setattr(module, "FRONT", tmp_path / "front")
    monkeypatch.setattr(module, "ICON_NAMES", names)
    return module


def test_front_end_makes_one_symbol_per_icon_in_use(front_end):
    front_end.main()
    sprite = ElementTree.parse(front_end.FRONT / "icons" / "sprite.svg").getroot()
    symbols = sprite.findall(f"{SVG}symbol")
    assert [symbol.get("id") for symbol in symbols] == ["icon-check", "icon-star-filled"]
    assert [symbol.get("viewBox") for symbol in symbols] == ["0 0 24 24", "0 0 24 24"]
    assert [symbol.get("stroke") for symbol in symbols] == ["currentColor", None]
    assert [len(symbol) for symbol in symbols] == [1, 1]


def test_front_end_copies_each_file_without_its_source_map(front_end):
    front_end.main()
    for name in ["payung/ground.css", *front_end.FILES]:
        text = (front_end.FRONT / name).read_text(encoding="utf-8")
        assert len(text) > 10_000
        assert "sourceMappingURL" not in text


def test_front_end_lays_our_tokens_over_tabler(front_end):
    front_end.main()
    ground = (front_end.FRONT / "payung" / "ground.css").read_text(encoding="utf-8")
    theme = (ROOT / "static" / "payung" / "theme.css").read_text(encoding="utf-8")
    assert ground.endswith(theme)


def test_front_end_copies_the_font_byte_for_byte_with_its_licence(front_end):
    front_end.main()
    font = front_end.FRONT / "inter" / "inter-latin-wght-normal.woff2"
    assert font.read_bytes()[:4] == b"wOF2"
    assert font.stat().st_size < 60_000
    assert "SIL Open Font License" in (front_end.FRONT / "inter" / "LICENSE").read_text()


def test_front_end_leaves_nothing_of_an_earlier_run(front_end):
    front_end.main()
    stray = front_end.FRONT / "icons" / "stray.svg"
    stray.write_text("")
    front_end.main()
    assert not stray.exists()


def test_front_end_names_the_icon_that_does_not_exist(front_end):
    front_end.ICON_NAMES.write_text("no-such-icon\n")
    with pytest.raises(SystemExit, match="no icon named 'no-such-icon' in @tabler/icons"):
        front_end.main()


def test_front_end_knows_every_icon_that_pages_use(front_end, monkeypatch):
    monkeypatch.setattr(front_end, "ICON_NAMES", ROOT / "static" / "icons.txt")
    listed = front_end.icon_names()
    assert [name for name in listed if not front_end.icon_file(name).exists()] == []
    used = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in LITERAL_ICON.findall(template.read_text(encoding="utf-8"))
    }
    assert used - set(listed) == set()
