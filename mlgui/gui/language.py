"""Which language the window speaks: MLGUI_LANGUAGE, else the user's choice, else the system's; English where none fits.

    language = start_language()      # before the rest of the window is imported: some words are looked up at import
    translate_qt(app, language)      # Qt's own dialogs

Changing it in the View menu takes effect at the next start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from mlgui.paths import resources
from mlgui.session.settings import load_settings
from mlgui.words import LANGUAGES, use_language

VARIABLE = "MLGUI_LANGUAGE"
SYSTEM = "system"

NAMES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "zh": "中文"}
"""What each language calls itself."""


def start_language() -> str:
    """Speak the language that is asked for from now on, and return its code."""
    asked = os.environ.get(VARIABLE, "") or load_settings().language
    language = chosen_language([asked] if asked != SYSTEM else QLocale.system().uiLanguages())
    use_language(language, resources() / "languages")
    return language


def chosen_language(wanted: Iterable[str]) -> str:
    """Return the first language there are words in, of locales like "de", "de-AT" or "zh_Hans_CN"; English without one."""
    for name in wanted:
        code = name.replace("_", "-").partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]


def translate_qt(app: QCoreApplication, language: str) -> None:
    """Let the dialogs that Qt brings speak the language too, where its words are installed."""
    words = QTranslator(app)
    if words.load(QLocale(language), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
