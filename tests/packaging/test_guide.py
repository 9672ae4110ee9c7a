"""The user guide as a static site: no link, anchor or picture that leads nowhere, and a builder that would notice."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from mlgui.gui.centre.tabs import TABS
from mlgui.gui.help.library import pages
from mlgui.session.examples import examples

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def guide() -> ModuleType:
    spec = importlib.util.spec_from_file_location("guide_write", ROOT / "packaging" / "guide" / "write.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["guide_write"] = module
    spec.loader.exec_module(module)
    return module


def pretend(folder: Path, names: Iterable[str]) -> None:
    """Put empty pictures where those of the running program would be."""
    known = {"start"} | {f"{example.name}-{key}" for example in examples() for key, _, _ in TABS}
    assert set(names) <= known
    for name in names:
        for theme in ("light", "dark"):
            (folder / f"{name}-{theme}.png").touch()


def test_the_guide_has_every_page_and_nothing_leads_nowhere(guide: ModuleType, tmp_path: Path) -> None:
    assert guide.write(tmp_path, pretend) == []
    assert {path.stem for path in tmp_path.glob("*.html")} == {page.key for page in pages()}
    text = (tmp_path / "glossary.html").read_text("utf-8")
    assert '<h3 id="icc">ICC</h3>' in text and 'aria-current="page">Glossary' in text
    assert "<table>" in (tmp_path / "wording.html").read_text("utf-8")


def test_what_leads_nowhere_is_told(guide: ModuleType, tmp_path: Path) -> None:
    guide.write(tmp_path, pretend)
    page = tmp_path / "start.html"
    extra = '<a href="no.html">a</a><a href="glossary.html#no">b</a><img src="pictures/no.png"><h2 id="x"></h2><h2 id="x"></h2>'
    page.write_text(page.read_text("utf-8") + extra, "utf-8")
    (tmp_path / "pictures" / "spare.png").touch()
    assert guide.wrong(tmp_path) == [
        "start.html: a picture without words",
        "start.html: two headings are called x",
        "start.html: no file pictures/no.png",
        "start.html: no.html leads nowhere",
        "start.html: glossary.html#no leads nowhere",
        "no page shows spare.png",
    ]


def test_html_in_a_page_is_text(guide: ModuleType) -> None:
    tokens = guide.parse("# Title\n\n<script>x</script>\n")
    assert not [token for token in tokens if token.type.startswith("html")]
