"""The report of a model as PDF, set by Qt from its HTML."""

from __future__ import annotations

import base64
import re

from PySide6.QtCore import QBuffer, QEventLoop, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from mlgui.gui.painter import ensure_application

_DPI = 300
_SCREEN_DPI = 96
_MARGIN_MM = 20.0
ROOM = 100.0
"""Characters of a table that fit between the margins."""

_STYLE = (
    "body { font-family: Inter; font-size: 9.5pt; color: #1B1C21; } h1 { font-size: 17pt; } h2 { font-size: 12.5pt; }"
    " pre { font-family: monospace; font-size: 7.5pt; } td, th, td em, th em { font-size: 7.5pt; }"
)
_IMAGE = re.compile(r'<img src="data:image/png;base64,([^"]*)"')


def report_pdf(page: str, title: str) -> bytes:
    """Return an HTML page of a report, its pictures PNG, as PDF on A4 with margins of 20 mm."""
    ensure_application()
    _timers = QEventLoop()  # a document lays itself out by timers; a thread that is not Qt's own has none without a loop
    document = QTextDocument()
    document.setDefaultStyleSheet(_STYLE)
    content = QBuffer()
    content.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Unit.Millimeter)
    writer.setTitle(title)
    writer.setCreator("mlgui")
    room = writer.pageLayout().paintRectPixels(_SCREEN_DPI)
    document.setHtml(_with_pictures(document, without_style(page), room.width()))
    document.setPageSize(QSizeF(room.size()))
    document.print_(writer)
    return bytes(content.data().data())


def without_style(page: str) -> str:
    """Return the page without the style sheet of screens, and with padding and rules of cells as Qt understands them."""
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r"<h2>([^<]*)</h2>\s*<figure>", r'<h2 style="page-break-before:always;">\1</h2><figure>', page)
    page = page.replace("<pre>", '<pre style="white-space:pre-wrap;">')
    page = page.replace("margin:0 0 4pt 0;", "margin-top:14px;margin-bottom:4px;")
    page = re.sub(r"border-(top|bottom):([\d.]+)pt ", _rule, page)
    sides = "padding-top:1px;padding-bottom:1px;padding-left:4px;padding-right:4px;"
    return page.replace("padding:2pt 6pt;font-size:10pt;", sides + "font-size:7.5pt;").replace(' cellpadding="4"', "")


def _rule(match: re.Match[str]) -> str:
    """Return the beginning of a rule in px, at least one: Qt reads no other unit here."""
    return f"border-{match[1]}:{max(1, round(float(match[2]) * _SCREEN_DPI / 72))}px "


def _with_pictures(document: QTextDocument, page: str, width: int) -> str:
    """Hand the pictures of a page to a document and return the page with their names and the width of the paper."""

    def named(match: re.Match[str]) -> str:
        name = f"picture{match.start()}"
        image = QImage()
        image.loadFromData(base64.b64decode(match[1]), "PNG")
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
        return f'<img width="{width}" src="{name}"'

    return _IMAGE.sub(named, page)
