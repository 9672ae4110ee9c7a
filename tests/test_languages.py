"""Catalogues: they parse, keep every placeholder, know their plural forms, and are found by the names of locales."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mlgui import words
from mlgui.gui.language import chosen_language
from mlgui.paths import resources
from mlgui.words import LANGUAGES, PLURALS, Catalogue, Entries, ntr, read_catalogue, tr, use_language

FOLDER = resources() / "languages"
ROOT = Path(__file__).resolve().parent.parent
LARGEST_GAP = 0.1
"""Share of the texts of a room that a catalogue may lack: new texts come before their translations."""
FIELDS = re.compile(r"\{[^{}]*\}")


def entries_of(language: str) -> Entries:
    return read_catalogue((FOLDER / f"{language}.po").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def english_again():  # type: ignore[no-untyped-def]
    yield
    use_language("en", FOLDER)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_catalogue_parses_and_names_a_plural_rule(language: str) -> None:
    entries = entries_of(language)
    header = dict(line.split(": ", 1) for line in entries[("",)][0].strip().split("\n"))
    assert header["Language"] == language and header["Plural-Forms"] in PLURALS
    forms = int(header["Plural-Forms"][len("nplurals=")])
    assert all(len(texts) == forms for key, texts in entries.items() if len(key) == 2)
    assert {PLURALS[header["Plural-Forms"]](n) for n in range(200)} == set(range(forms))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_keep_every_placeholder(language: str) -> None:
    wrong = []
    for key, texts in entries_of(language).items():
        wanted = [set(FIELDS.findall(text)) for text in key]
        for text in texts:
            found = set(FIELDS.findall(text))
            if text and key != ("",) and not (found == wanted[-1] or found == wanted[0]):
                wrong.append((key, text))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_keep_the_edges_and_marks_of_their_texts(language: str) -> None:
    """Spaces at the ends join parts of a sentence, an ellipsis announces a dialog, and an ampersand marks a key."""
    wrong = []
    for (text, *_), (translated, *_) in ((key, texts) for key, texts in entries_of(language).items() if texts[0] and key[0]):
        same = text[:1].isspace() == translated[:1].isspace() and text[-1:].isspace() == translated[-1:].isspace()
        if not same or text.endswith("…") != translated.endswith("…") or text.count("&") < translated.count("&"):
            wrong.append((text, translated))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_menus_are_translated(language: str) -> None:
    entries = entries_of(language)
    assert all(entries[(text,)][0] for text in ("&File", "&Edit", "&View", "&Help", "Open…", "Save", "Undo", "Export…"))


def places_of(language: str) -> dict[tuple[str, ...], str]:
    """Return every entry with the comment that says where its text is."""
    blocks = (FOLDER / f"{language}.po").read_text(encoding="utf-8").split("\n\n")[1:]
    return {key: block.partition("\n")[0] for block in blocks for key in read_catalogue(block)}


@pytest.mark.parametrize("room", ["mlgui/gui/", "mlgui/results/", "mlgui/session/", "mlgui/spec/", "mlgui/data/", "resources/"])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_the_window_says_is_translated(language: str, room: str) -> None:
    places, entries = places_of(language), entries_of(language)
    texts = [key for key, place in places.items() if room in place]
    missing = [key[0] for key in texts if not all(entries[key])]
    assert texts
    assert len(missing) <= LARGEST_GAP * len(texts), missing


def test_catalogues_know_almost_every_text_of_the_source() -> None:
    """Run after texts were changed: python packaging/translate.py."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "translate.py"), "--check"],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_language_in_use_changes_every_text() -> None:
    use_language("de", FOLDER)
    assert words.language_in_use() == "de"
    assert tr("Save") == "Speichern"
    assert ntr("{n} warning", "{n} warnings", 1).format(n=1) == "1 Warnung"
    assert ntr("{n} warning", "{n} warnings", 3).format(n=3) == "3 Warnungen"
    assert tr("a text that no catalogue has") == "a text that no catalogue has"
    use_language("xx", FOLDER)
    assert tr("Save") == "Save"


def test_a_catalogue_is_read_with_escapes_folds_and_gaps(tmp_path: Path) -> None:
    text = (
        'msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n\n#: a.py\nmsgid "a \\"b\\""\nmsgstr ""\n"x\\n"\n"y"\n\n'
        'msgid "gap"\nmsgstr ""\n\nmsgid "{n} one"\nmsgid_plural "{n} many"\nmsgstr[0] "{n} all"\n'
    )
    entries = read_catalogue(text)
    assert entries[('a "b"',)] == ("x\ny",)
    catalogue = Catalogue(entries)
    assert catalogue.gettext("gap") == "gap"
    assert [catalogue.ngettext("{n} one", "{n} many", n) for n in (1, 2)] == ["{n} all", "{n} all"]
    assert catalogue.ngettext("one", "many", 2) == "many"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["de-AT"], "de"),
        (["de_DE.UTF-8"], "de"),
        (["zh-Hans-CN", "en"], "zh"),
        (["nl", "fr-CA"], "fr"),
        ([], "en"),
        (["C"], "en"),
    ],
)
def test_a_locale_finds_its_language(wanted: list[str], language: str) -> None:
    assert chosen_language(wanted) == language
