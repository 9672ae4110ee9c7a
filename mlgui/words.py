"""The translation seam: every sentence a user reads passes through here. No Qt.

Write `tr("{n} rows were dropped").format(n=3)`: the text is looked up before the numbers go in.
"""

from __future__ import annotations

import gettext
from pathlib import Path

_DOMAIN = "mlgui"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str, folder: Path) -> None:
    """Translate from now on with the catalogue `folder/<language>/LC_MESSAGES/mlgui.mo`, or not at all if it is missing."""
    global _catalogue
    _catalogue = gettext.translation(_DOMAIN, folder, languages=[language], fallback=True)


def tr(text: str) -> str:
    """Return `text` in the user's language."""
    return _catalogue.gettext(text)


def ntr(one: str, many: str, n: int) -> str:
    """Return the singular or plural form for `n`, in the user's language."""
    return _catalogue.ngettext(one, many, n)
