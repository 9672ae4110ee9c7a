"""The translation seam: every sentence a user reads passes through here. No Qt.

Write `tr("{n} rows were dropped").format(n=3)`: the text is looked up before the numbers go in. Catalogues are plain .po
files (GNU gettext), read as they are: `use_language("de", resources() / "languages")`.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from pathlib import Path

LANGUAGES = ("en", "de", "es", "fr", "zh")
"""Codes of the languages there are words in; the first is the one the program is written in."""

Entries = dict[tuple[str, ...], tuple[str, ...]]
"""(msgid,) or (msgid, msgid_plural) -> the forms of its translation."""

PLURALS: Mapping[str, Callable[[int], int]] = {
    "nplurals=2; plural=(n != 1);": lambda n: int(n != 1),
    "nplurals=2; plural=(n > 1);": lambda n: int(n > 1),
    "nplurals=1; plural=0;": lambda n: 0,
}
"""The rules of plural forms that catalogues may name in their header, and the form each takes for n."""

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[\d\])? )?"(.*)"')
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\", "\\t": "\t"}


class Catalogue(gettext.NullTranslations):
    """Words of one language; what is missing stays as it was written."""

    def __init__(self, entries: Entries) -> None:
        super().__init__()
        header = "".join(entries.get(("",), ("",)))
        rule = next((line.partition(":")[2].strip() for line in header.split("\n") if line.startswith("Plural-Forms:")), "")
        self._form = PLURALS.get(rule, PLURALS["nplurals=2; plural=(n != 1);"])
        self._single = {key[0]: forms[0] for key, forms in entries.items() if key[0] and forms[0]}
        self._plural = {key: forms for key, forms in entries.items() if len(key) == 2 and all(forms)}

    def gettext(self, message: str) -> str:
        return self._single.get(message, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        forms = self._plural.get((one, many))
        return super().ngettext(one, many, n) if forms is None else forms[min(self._form(n), len(forms) - 1)]


_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = LANGUAGES[0]
_wording: Mapping[str, str] = {}


def use_language(language: str, folder: Path) -> None:
    """Translate from now on with the catalogue `folder/<language>.po`, or not at all if there is none."""
    global _catalogue, _language
    path = folder / f"{language}.po"
    _catalogue = Catalogue(read_catalogue(path.read_text(encoding="utf-8"))) if path.is_file() else gettext.NullTranslations()
    _language = language


def language_in_use() -> str:
    """Return the code of the language in use."""
    return _language


def read_catalogue(text: str) -> Entries:
    """Return the entries of a .po file. Comments and obsolete entries are passed over; the header is the entry ("",)."""
    found: Entries = {}
    ids: list[str] = []
    forms: list[str] = []
    into = ids
    for line in text.split("\n"):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        if match[1] == "msgid" and ids:
            found[tuple(ids)] = tuple(forms)
            ids, forms = [], []
        if match[1]:
            into = forms if match[1] == "msgstr" else ids
            into.append("")
        into[-1] += re.sub(r"\\.", lambda escape: _ESCAPES.get(escape[0], escape[0]), match[2])
    if ids:
        found[tuple(ids)] = tuple(forms)
    return found


def use_wording(replacements: Mapping[str, str]) -> None:
    """Let some texts read otherwise from now on, in every language; none of them are replaced twice."""
    global _wording
    _wording = replacements


def tr(text: str) -> str:
    """Return `text` in the user's language and wording."""
    return _catalogue.gettext(_wording.get(text, text))


def ntr(one: str, many: str, n: int) -> str:
    """Return the singular or plural form for `n`, in the user's language."""
    return _catalogue.ngettext(one, many, n)
