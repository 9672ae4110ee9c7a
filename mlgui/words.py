"""The translation seam: every sentence a user reads passes through here. No Qt.

Write `tr("{n} rows were dropped").format(n=3)`: the text is looked up before the numbers go in.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from pathlib import Path

_DOMAIN = "mlgui"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_wording: Mapping[str, str] = {}


def use_language(language: str, folder: Path) -> None:
    """Translate from now on with the catalogue `folder/<language>/LC_MESSAGES/mlgui.mo`, or not at all if it is missing."""
    global _catalogue
    _catalogue = gettext.translation(_DOMAIN, folder, languages=[language], fallback=True)


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
