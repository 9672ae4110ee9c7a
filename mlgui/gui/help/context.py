"""Which page of the help explains a widget."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

PAGE_OF = {
    "StartPage": "start",
    "DataPanel": "columns",
    "ModelPanel": "model",
    "EquationPanel": "equation",
    "Explain": "explain",
    "OpenTableDialog": "import",
    "ExportDialog": "export",
    "ExpressionDialog": "expressions",
    "TableDialog": "data",
    "ModelOptions": "model",
    "ConventionsDialog": "explain",
    "PreferencesDialog": "wording",
}
"""Name of a class -> page. By name, so that asking for help loads nothing; the views are called as their tabs are."""


def page_for(widget: QWidget | None) -> str:
    """Return the key of the page that explains a widget or what it stands in, "" where that is a matter of the tab on show."""
    while widget is not None:
        for kind in type(widget).__mro__:
            if kind.__name__ in PAGE_OF:
                return PAGE_OF[kind.__name__]
        widget = widget.parentWidget()
    return ""
