"""The style sheet of the application, made from tokens. Widgets choose a rule by dynamic property (see `theme`)."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from mlgui.gui.tokens import TOKENS
from mlgui.paths import resources

_SHEET = Template("""
QMainWindow, QDialog { background: $surface; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip { background: $surface; color: $ink; border: 1px solid $line2; border-radius: 6px; padding: 5px 8px; font-size: $s12; }

QLabel { background: transparent; }
QLabel[role="start-title"] { font-size: $s26; font-weight: 600; }
QLabel[role="key-figure"] { font-size: $s21; font-weight: 600; }
QLabel[role="view-title"] { font-size: $s18; font-weight: 600; }
QLabel[role="title"] { font-size: $s14; font-weight: 600; }
QLabel[role="subheading"] { font-size: $s135; font-weight: 600; }
QLabel[role="strong"] { font-size: $s13; font-weight: 600; }
QLabel[role="body"] { font-size: $s13; }
QLabel[role="lead"] { font-size: $s14; color: $ink2; }
QLabel[role="secondary"] { font-size: $s125; color: $ink2; }
QLabel[role="subtitle"] { font-size: $s13; color: $ink2; }
QLabel[role="caption"] { font-size: $s12; color: $ink3; }
QLabel[role="section"] { font-size: $s11; font-weight: 600; color: $ink2; letter-spacing: 0.6px; }
QLabel[role="badge"] { font-size: $s105; color: $ink2; border: 1px solid $line2; border-radius: 8px; padding: 0px 6px; }
QLabel[role="badge-filled"] { font-size: $s105; color: $ink; background: $token; border: 1px solid $token; border-radius: 8px;
  padding: 0px 6px; }
QLabel[role="badge-accent"] { font-size: $s105; color: $accent; background: $accent_soft; border: 1px solid $accent_soft;
  border-radius: 8px; padding: 1px 7px; }
QLabel[role="error"] { font-size: $s125; color: $err; }

QPushButton { font-size: $s125; background: $field; color: $ink; border: 1px solid $line2; border-radius: 6px; padding: 4px 11px;
  min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $token; }
QPushButton:focus { border: 2px solid $accent; padding: 3px 10px; }
QPushButton:disabled { color: $disabled; border-color: $line; background: transparent; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 500; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $ink; }
QPushButton[kind="primary"]:disabled { background: $token; color: $disabled; border-color: $token; }
QPushButton[kind="small"] { padding: 3px 10px; min-height: 16px; }
QPushButton[kind="small"]:focus { padding: 2px 9px; }
QPushButton[kind="flat"], QPushButton[kind="link"] { background: transparent; border-color: transparent; padding: 4px 8px; }
QPushButton[kind="link"] { color: $accent; padding: 2px 4px; }
QPushButton[kind="link"]:disabled { color: $disabled; }
QPushButton[kind="more"] { background: transparent; border-color: transparent; color: $accent; padding: 0px 2px 0px 0px;
  min-height: 14px; }
QPushButton[kind="more"]:hover { color: $accent_hover; }
QPushButton[kind="more"]:focus { border: 2px solid $accent; padding: 0px; }
QPushButton[kind="flat"]:hover, QPushButton[kind="link"]:hover { background: $hover; }
QPushButton[kind="flat"]:focus { border: 2px solid $accent; padding: 3px 7px; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 1px 3px; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { font-size: $s125; background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 6px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $token; }
QToolButton:focus { border: 2px solid $accent; padding: 3px 5px; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QComboBox, QAbstractSpinBox { font-size: $s125; background: $field; color: $ink; border: 1px solid $line2;
  border-radius: 6px; padding: 3px 8px; min-height: 18px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid $accent; padding: 2px 7px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $disabled; background: $panel; }
QLineEdit[state="error"] { border-color: $err; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url($icons/chevron-down-$mode.svg); width: ${p12}px; height: ${p12}px; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line2; border-radius: 6px; outline: 0; }
QComboBox QAbstractItemView::item { min-height: ${p24}px; padding: 0 6px; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $ink; }
QComboBox QAbstractItemView::item:disabled { color: $disabled; }
QAbstractSpinBox QLineEdit { border: none; padding: 0 6px; background: transparent; min-height: 0; }
QAbstractSpinBox { min-height: 16px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 16px; background: transparent; }
QAbstractSpinBox::up-arrow { image: url($icons/chevron-up-$mode.svg); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url($icons/chevron-down-$mode.svg); width: 9px; height: 9px; }
QPlainTextEdit, QTextEdit, QTextBrowser { background: $field; color: $ink; border: 1px solid $line2; border-radius: 6px;
  selection-background-color: $accent; selection-color: $on_accent; }

QCheckBox, QRadioButton { font-size: $s125; spacing: 8px; background: transparent; }
QCheckBox::indicator { width: ${p14}px; height: ${p14}px; border: 1px solid $ctrl; border-radius: 4px; background: $field; }
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($icons/check-$mode.svg); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url($icons/dash-$mode.svg); }
QCheckBox::indicator:disabled { border-color: $line2; background: $panel; image: none; }
QCheckBox:focus { color: $accent; }
QListView::indicator { width: ${p13}px; height: ${p13}px; border: 1px solid $ctrl; border-radius: 4px; background: $field; }
QListView::indicator:checked { background: $accent; border-color: $accent; image: url($icons/check-$mode.svg); }
QListView#choices { border: 1px solid $line2; border-radius: 6px; padding: 4px; background: $field; }
QListView#choices::item { padding: 3px 4px; border-radius: 4px; color: $ink; }
QRadioButton::indicator { width: ${p14}px; height: ${p14}px; border: 1px solid $ctrl; border-radius: 8px; background: $field; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }

QMenuBar { background: $bg; padding: 2px 8px; font-size: $s125; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 5px; color: $ink; }
QMenuBar::item:selected { background: $token; }
QMenu { background: $surface; border: 1px solid $line2; border-radius: 8px; padding: 5px; font-size: $s125; }
QMenu::item { padding: 5px 26px 5px 26px; border-radius: 5px; color: $ink; }
QMenu::item:selected { background: $accent_soft; color: $ink; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 7px; }
QMenu::indicator { width: ${p12}px; height: ${p12}px; left: 7px; }
QMenu::indicator:checked { image: url($icons/tick-$mode.svg); }
QMenu::right-arrow { image: url($icons/chevron-right-$mode.svg); width: 11px; height: 11px; margin-right: 6px; }

QTabBar { background: transparent; qproperty-drawBase: 0; font-size: $s125; }
QTabBar::tab { background: transparent; color: $ink2; padding: 0px 6px; margin: 0px; height: ${p38}px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $ink; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:disabled { color: $disabled; }
QTabBar:focus { outline: none; }
QTabBar::scroller { width: ${p44}px; }
QTabBar QToolButton { background: $surface; border: none; border-radius: 0; padding: 0; width: ${p20}px; }
QTabBar QToolButton::left-arrow { image: url($icons/chevron-left-$mode.svg); width: ${p12}px; height: ${p12}px; }
QTabBar QToolButton::right-arrow { image: url($icons/chevron-right-$mode.svg); width: ${p12}px; height: ${p12}px; }

QAbstractItemView { background: $surface; border: none; outline: 0; gridline-color: $line; alternate-background-color: $panel;
  selection-background-color: $accent_soft; selection-color: $ink; }
#pages::item { padding: 2px 4px; border-radius: 4px; }
#pages::item:selected { background: $accent_soft; color: $ink; }
#pages::item:disabled { color: $ink3; padding-top: 9px; }
#values::item { padding: 0px 5px; }
#preview::item { padding: 0px 9px; border-bottom: 1px solid $line; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $surface; color: $ink2; border: none; border-bottom: 1px solid $line2; padding: 4px 8px;
  font-size: $s12; font-weight: 400; }
QHeaderView::section:vertical { border-bottom: 1px solid $line; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line2; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $ctrl; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $line2; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line2; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -7px 0; border-radius: 9px; background: $surface;
  border: 2px solid $accent; }
QSlider::handle:horizontal:focus { background: $accent_soft; }
QSplitter::handle { background: $line; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QDockWidget { border: none; }

#menuRow, #toolbar, QToolBar { background: $bg; border: none; spacing: 4px; }
#toolbar { border-bottom: 1px solid $line; }
#leftDock, #rightDock, #dialogFooter, #startSide { background: $panel; }
#startSide { border-right: 1px solid $line; }
#dialogHeader { background: $surface; border-bottom: 1px solid $line; }
#dialogFooter { border-top: 1px solid $line; }
#notice { background: $ink; color: $surface; border-radius: 8px; padding: 8px 16px; font-size: $s125; font-weight: 500; }
#previewArea { background: $bg; }
#paper { background: #FFFFFF; border: 1px solid $line; }

QFrame[box="card"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[box="card"][hover="true"] { border-color: $ctrl; }
QFrame[box="panel"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[box="well"] { background: $field; border: 1px solid $line2; border-radius: 6px; }
QFrame[box="well"][hover="true"] { border: 1px solid $accent; background: $accent_soft; }
QFrame[box="warning"] { background: $warnbg; border: 1px solid $warnline; border-radius: 8px; }
QFrame[box="error"] { background: $errbg; border: 1px solid $err; border-radius: 8px; }
QFrame[box="token"] { background: $token; border: 1px solid transparent; border-radius: 5px; }
QFrame[box="strip"] { background: $surface; border: 1px solid $line2; border-radius: 8px; }
QFrame[box="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[box="vline"] { background: $line2; border: none; max-width: 1px; min-width: 1px; }

QFrame[box="recent"] { background: transparent; border: 1px solid transparent; border-radius: 8px; }
QFrame[box="recent"][hover="true"] { background: $token; }
QFrame[box="recent"]:focus, QFrame[box="card"]:focus { border: 2px solid $accent; }
QFrame[box="segments"] { background: $token; border: none; border-radius: 7px; }
QToolButton[kind="segment"] { font-size: $s12; color: $ink2; border: 1px solid transparent; border-radius: 6px; padding: 2px 9px;
  background: transparent; min-height: 17px; }
QToolButton[kind="segment"]:hover { color: $ink; }
QToolButton[kind="segment"]:checked { background: $segment; color: $ink; font-weight: 600; border: 1px solid $line2; }
QToolButton[kind="segment"]:focus { border: 2px solid $accent; padding: 1px 8px; }
QToolButton[kind="segment"]:disabled { color: $disabled; }

QToolButton[kind="chip"] { font-size: $s125; padding: 4px 5px 4px 11px; border-radius: 6px; color: $ink2;
  min-height: ${p20}px; }
QToolButton[kind="chip"]:checked { background: $surface; border: 1px solid $line2; color: $ink; font-weight: 600; }
QToolButton[kind="chip"]:focus { border: 2px solid $accent; padding: 3px 4px 3px 10px; }
QToolButton[kind="heading"] { font-size: $s11; font-weight: 600; color: $ink2; padding: 2px 3px 2px 0px; margin-left: -5px;
  border-radius: 4px; }
QToolButton[kind="token"] { font-size: $s125; background: transparent; padding: 1px 1px 1px 4px; border-radius: 5px; }
QToolButton[kind="close"] { font-size: $s12; color: $ink3; padding: 0px 2px; border: none; border-radius: 4px; }
QToolButton[kind="close"]:hover { color: $ink; background: $line2; }
QToolButton[kind="close"]:focus { border: 1px solid $accent; }
QPushButton[kind="row-name"] { font-size: $s125; padding: 1px 3px; border: 1px solid transparent; border-radius: 4px;
  text-align: left; background: transparent; min-height: 15px; }
QPushButton[kind="row-name"]:hover { background: $hover; }
QPushButton[kind="row-name"]:disabled { color: $ink; }
QPushButton[kind="row-name"]:focus { border: 2px solid $accent; padding: 0px 2px; }
QFrame[compact="true"] QToolButton[kind="segment"] { font-size: $s115; padding: 2px 3px; }
QFrame[compact="true"] QToolButton[kind="segment"]:focus { padding: 1px 2px; }
QToolButton[kind="add"] { font-size: $s14; color: $accent; padding: 0px 6px; border-radius: 5px; min-height: 20px; }
QToolButton[kind="add"]:focus { border: 2px solid $accent; padding: 0px 5px; }
QLabel[role="reason"] { font-size: $s105; color: $ink3; padding: 3px 4px; }

QFrame[box="pill"], QToolButton[box="pill"] { border-radius: 14px; border: 1px solid transparent; padding: 4px 6px 4px 12px;
  font-size: $s125; }
QToolButton[box="pill"]:focus { border: 2px solid $accent; padding: 3px 5px 3px 11px; }
QFrame[tone="busy"], QToolButton[tone="busy"] { background: $accent_soft; }
QToolButton[tone="ok"] { background: $okbg; color: $ok; }
QToolButton[tone="warn"] { background: $warnbg; color: $warn; }
QToolButton[tone="err"] { background: $errbg; color: $err; }
QToolButton[tone="neutral"] { background: $token; color: $ink2; }
QLabel[role="busy"] { color: $accent; font-size: $s125; font-weight: 500; }
""")

_SIZES = {
    "s105": 10.5, "s11": 11, "s115": 11.5, "s12": 12, "s125": 12.5, "s13": 13,
    "s135": 13.5, "s14": 14, "s18": 18, "s21": 21, "s26": 26,
}  # fmt: skip


_LENGTHS = (12, 13, 14, 20, 24, 38, 44)
"""Lengths in px that grow with the text: boxes to tick, arrows, entries, tabs."""


def style_sheet(colour: Callable[[str], str], size: Callable[[float], str], px: Callable[[float], int], *, dark: bool) -> str:
    """Return the sheet. colour(token), size(of a font in px) and px(length) come from the theme in force."""
    values = {name: colour(name) for name in TOKENS} | {key: size(length) for key, length in _SIZES.items()}
    values |= {f"p{length}": str(px(length)) for length in _LENGTHS}
    return _SHEET.substitute(values, icons=(resources() / "icons").as_posix(), mode="dark" if dark else "light")
