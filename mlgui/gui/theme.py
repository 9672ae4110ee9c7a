"""Light and dark, text size and fonts: one object asked by every widget, plot and delegate.

    theme = Theme()                      # follows the system; theme.set_mode("dark"), theme.set_text_scale(1.25)
    theme.apply(app)                     # palette, style sheet, font; again by itself on every change
    theme.colour("ink2") -> QColor       # names: mlgui.gui.tokens
    theme.pen("grid", 1.0) -> QPen       # cosmetic
    theme.font(13, 600) -> QFont         # Inter, tabular figures, size in px times the user's text scale
    theme.equation_font(15.5) -> QFont   # STIX italic
    theme.px(28) -> int                  # a length times the text scale
    theme.changed.connect(self._on_theme_changed)   # repaint, rebuild pens

Widgets styled by the sheet say what they are with dynamic properties: QLabel `role` ("view-title", "title", "subtitle",
"body", "caption", "section", "badge" ...), QPushButton `kind` ("primary", "flat", "link"). `widgets.label()` sets them.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QPen
from PySide6.QtWidgets import QApplication

from mlgui.gui import tokens
from mlgui.gui.style import style_sheet
from mlgui.paths import resources

UI_FAMILY = "Inter"
EQUATION_FAMILY = "STIX"
MODES = ("system", "light", "dark", "contrast", "contrast_dark")
TEXT_SCALES = (0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
_SMALLEST, _LARGEST = TEXT_SCALES[0], TEXT_SCALES[-1]


def load_fonts() -> None:
    """Make the bundled fonts known to Qt; where a file cannot be read the system's own fonts stand in."""
    for path in sorted((resources() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


class Theme(QObject):
    """The look in force. Emits `changed` after colours or text size have changed."""

    changed = Signal()

    def __init__(self, mode: str = "system", text_scale: float = 1.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = mode if mode in MODES else "system"
        self.text_scale = min(_LARGEST, max(_SMALLEST, text_scale))
        self.dark = self._wants_dark()
        self._app: QApplication | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    @property
    def mode(self) -> str:
        """One of MODES; "contrast" and "contrast_dark" are light and dark with the highest contrast."""
        return self._mode

    @property
    def contrast(self) -> bool:
        """Whether high contrast is asked for."""
        return self._mode.startswith("contrast")

    @property
    def look(self) -> tuple[bool, bool]:
        """What the colours depend on: (dark, contrast)."""
        return self.dark, self.contrast

    def set_mode(self, mode: str) -> None:
        """Follow the system, or be light or dark whatever the system says."""
        if mode in MODES and mode != self._mode:
            self._mode = mode
            self._refresh()

    def set_text_scale(self, scale: float) -> None:
        """Show all text `scale` times its usual size (0.9 to 3)."""
        scale = min(_LARGEST, max(_SMALLEST, scale))
        if scale != self.text_scale:
            self.text_scale = scale
            self._refresh()

    def next_scale(self, by: int) -> float:
        """Return the next larger (1) or smaller (-1) of TEXT_SCALES, the present one at the end."""
        beyond = [scale for scale in TEXT_SCALES if (scale - self.text_scale) * by > 1e-6]
        return (min(beyond) if by > 0 else max(beyond)) if beyond else self.text_scale

    def apply(self, app: QApplication) -> None:
        """Dress the whole application."""
        self._app = app
        if app.styleSheet():
            app.setStyleSheet("")  # from one sheet to another Qt takes several times as long as by way of none
        app.setPalette(self.palette())
        app.setFont(self.font())
        app.setStyleSheet(style_sheet(self.css, self.size_text, self.px, dark=self.dark))

    def css(self, name: str) -> str:
        """Return a token as `#RRGGBB`."""
        return tokens.colour(name, dark=self.dark, contrast=self.contrast)

    def colour(self, name: str, opacity: float = 1.0) -> QColor:
        """Return a token as a colour, with `opacity` between 0 and 1."""
        found = QColor(self.css(name))
        found.setAlphaF(opacity)
        return found

    def pen(self, name: str, width: float = 1.0, *, dashed: bool = False, opacity: float = 1.0) -> QPen:
        """Return a cosmetic pen in a token's colour; dashed is 5 px on, 4 px off."""
        pen = QPen(self.colour(name, opacity), width)
        pen.setCosmetic(True)
        if dashed:
            pen.setDashPattern([5.0 / width, 4.0 / width])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def px(self, length: float) -> int:
        """Return a length in px that grows with the text."""
        return round(length * self.text_scale)

    def size_text(self, size: float) -> str:
        """Return a font size for a style sheet."""
        return f"{self._points(size):.3f}pt"

    def font(self, size: float = 13, weight: int = 400, *, italic: bool = False) -> QFont:
        """Return the interface font with tabular figures; size in px before text scale."""
        font = QFont(UI_FAMILY)
        font.setPointSizeF(self._points(size))
        font.setWeight(QFont.Weight(weight))
        font.setItalic(italic)
        if hasattr(QFont, "Tag"):  # Qt 6.7 and later
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def equation_font(self, size: float = 15.5, *, italic: bool = True) -> QFont:
        """Return the font of equations; size in px before text scale."""
        font = QFont([EQUATION_FAMILY, "STIX Two Text", "Times New Roman", "serif"])
        font.setPointSizeF(self._points(size))
        font.setItalic(italic)
        return font

    def _points(self, size: float) -> float:
        """Return `size` px as points of the screen: Qt takes pixel sizes as whole numbers only, and 12.5 px is wanted."""
        screen = QGuiApplication.primaryScreen()
        dpi = screen.logicalDotsPerInch() if screen is not None else 96.0
        return size * self.text_scale * 72.0 / dpi

    def palette(self) -> QPalette:
        """Return the colours for widgets the style sheet does not reach."""
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, name in (
            (roles.Window, "surface"), (roles.Base, "field"), (roles.AlternateBase, "panel"), (roles.Button, "field"),
            (roles.WindowText, "ink"), (roles.Text, "ink"), (roles.ButtonText, "ink"), (roles.PlaceholderText, "ink3"),
            (roles.BrightText, "err"), (roles.ToolTipBase, "surface"), (roles.ToolTipText, "ink"), (roles.Link, "accent"),
            (roles.LinkVisited, "accent"), (roles.Highlight, "accent_soft"), (roles.HighlightedText, "ink"),
            (roles.Light, "surface"), (roles.Midlight, "line"), (roles.Mid, "line2"), (roles.Dark, "ctrl"),
            (roles.Shadow, "line2"), (roles.Accent, "accent"),
        ):  # fmt: skip
            palette.setColor(role, self.colour(name))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("disabled"))
        return palette

    def _wants_dark(self) -> bool:
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode in ("dark", "contrast_dark")

    def _on_system_changed(self) -> None:
        if self._mode == "system" and self._wants_dark() != self.dark:
            self._refresh()

    def _refresh(self) -> None:
        self.dark = self._wants_dark()
        if self._app is not None:
            self.apply(self._app)
        self.changed.emit()
