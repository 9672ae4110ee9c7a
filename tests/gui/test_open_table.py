from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mlgui.data.table import Kind
from mlgui.gui.desk import Desk
from mlgui.gui.dialogs.open_table import OpenTableDialog, size_text
from mlgui.gui.dialogs.preview_table import kind_name
from mlgui.session.jobs import open_file, preview_file

ROWS = "".join(f"{j};{i};{i + j},{i};{-99 if i == 3 else 2 * j}\n" for j in range(10) for i in range(6))


def dialog_for(path: Path, desk: Desk, qtbot: QtBot) -> OpenTableDialog:
    dialog = OpenTableDialog(path, *open_file(path), desk.runner, desk.theme)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


@pytest.fixture
def dialog(tmp_path: Path, desk: Desk, qtbot: QtBot) -> OpenTableDialog:
    path = tmp_path / "visits.csv"
    path.write_text("clinic;visit;score;dose\n" + ROWS, encoding="utf-8")
    return dialog_for(path, desk, qtbot)


def ready(dialog: OpenTableDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(dialog._take.isEnabled, timeout=10_000)


def taken(dialog: OpenTableDialog) -> tuple[Any, Any]:
    found: list[tuple[Any, Any]] = []
    dialog.chosen.connect(lambda table, structure: found.append((table, structure)))
    dialog._on_taken()
    return found[0]


def test_guesses_are_shown(dialog: OpenTableDialog) -> None:
    assert dialog._options._delimiter.currentText() == "Semicolon"
    assert dialog._options._decimal.currentText() == "Comma"
    assert dialog._options._header.value() == 1
    assert dialog._take.text() == "Import 60 rows"


def test_another_separator_reads_again(dialog: OpenTableDialog, qtbot: QtBot) -> None:
    dialog._options.changed.emit("delimiter", "\t")
    assert not dialog._take.isEnabled()
    ready(dialog, qtbot)
    assert len(dialog._table.columns) == 1


def test_missing_codes_read_again(dialog: OpenTableDialog, qtbot: QtBot) -> None:
    dialog._options._missing.setText("-99")
    dialog._options._missing.editingFinished.emit()
    ready(dialog, qtbot)
    assert dialog._table["dose"].n_missing == 10


def test_one_press_reads_a_code_of_several_columns_as_missing(tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    path = tmp_path / "study.csv"
    rows = [f"{j};{'-99' if i == 3 else f'{i + j},5'};{'-99' if i == 4 else f'{i},1'}\n" for j in range(10) for i in range(8)]
    path.write_text("school;score;age\n" + "".join(rows), encoding="utf-8")
    dialog = dialog_for(path, desk, qtbot)
    texts = [each.text() for each in dialog._notes.findChildren(QLabel)]
    (press,) = dialog._notes.findChildren(QPushButton)
    assert press.text() == "Read -99 as missing" and "score and age" in " ".join(texts)
    assert dialog._verdict.text() == "1 thing to look at"
    dialog._card.findChildren(QComboBox)[-1].setFocus()
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert press.hasFocus()  # in the order of reading
    qtbot.keyClick(press, Qt.Key.Key_Tab)
    assert dialog._preview.hasFocus()
    qtbot.keyClick(dialog._preview, Qt.Key.Key_Backtab)
    assert press.hasFocus()
    press.click()
    ready(dialog, qtbot)
    assert dialog._table["score"].n_missing == dialog._table["age"].n_missing == 10
    assert dialog._options._missing.text() == "-99" and not dialog._notes.isVisible()


def test_kind_is_changed_and_kept_over_another_reading(dialog: OpenTableDialog, qtbot: QtBot) -> None:
    dialog._on_kind("clinic", Kind.ID)
    ready(dialog, qtbot)
    dialog._options.changed.emit("missing", ("-99",))
    ready(dialog, qtbot)
    table, structure = taken(dialog)
    assert table["clinic"].kind is Kind.ID
    assert structure.groupings[0].name == "clinic"


def test_row_noun_travels_with_the_table(dialog: OpenTableDialog) -> None:
    dialog._card._noun.setEditText("visit")
    assert "visits in clinics" in dialog._card._title.text()
    table, _ = taken(dialog)
    assert table.source.row_noun == "visit"


def test_chosen_grouping_comes_first(dialog: OpenTableDialog) -> None:
    dialog._on_grouping("visit")
    _, structure = taken(dialog)
    assert structure.groupings[0].name == "visit"


def test_what_cannot_be_a_number_says_why(tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    path = tmp_path / "words.csv"
    path.write_text("g,name,y\n" + "".join(f"{i % 4},w{i % 3},{i}\n" for i in range(24)), encoding="utf-8")
    dialog = dialog_for(path, desk, qtbot)
    dialog._on_kind("name", Kind.NUMBER)
    ready(dialog, qtbot)
    assert "name cannot be read as" in dialog._verdict.text()
    assert dialog._table["name"].kind is Kind.CATEGORY


def test_questions_are_asked_with_their_choices(tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("g,when,y\n" + "".join(f"{i % 4},0{i % 9 + 1}/0{i % 8 + 1}/2020,{i}\n" for i in range(24)), encoding="utf-8")
    dialog = dialog_for(path, desk, qtbot)
    box = next(box for box in dialog._notes.findChildren(QComboBox))
    assert "day" in box.accessibleName()
    box.textActivated.emit(next(text for text in (box.itemText(i) for i in range(box.count())) if text != box.currentText()))
    ready(dialog, qtbot)
    assert dialog._table["when"].kind is Kind.DATE


def test_words(qtbot: QtBot) -> None:
    assert [size_text(n) for n in (12, 440_000, 5_300_000)] == ["12 bytes", "440 kB", "5.3 MB"]
    assert all(kind_name(kind) for kind in Kind)


def test_a_large_file_shows_its_first_rows_before_all_are_read(tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    path = tmp_path / "large.csv"
    path.write_text("clinic;score\n" + "".join(f"{i // 1000};{i},5\n" for i in range(400_000)), encoding="utf-8")
    first = preview_file(path)
    assert first is not None and first[0].table.n_rows == 100
    dialog = OpenTableDialog(path, *first, desk.runner, desk.theme, whole=False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._take.isEnabled() and dialog._verdict.text() == "Reading all rows…" and not dialog._card.isVisible()
    assert dialog._preview.model().rowCount() == 100
    ready(dialog, qtbot)
    assert dialog._card.isVisible() and dialog._take.text() == "Import 400,000 rows"
    table, structure = taken(dialog)
    assert table.n_rows == 400_000 and structure["clinic"].n_groups == 400


def test_small_files_and_workbooks_are_read_at_once(tmp_path: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("a;b\n1;2\n", encoding="utf-8")
    assert preview_file(small) is None and preview_file(tmp_path / "none.csv") is None


def test_options_that_mean_nothing_in_a_format_are_not_there(dialog: OpenTableDialog, desk: Desk, qtbot: QtBot) -> None:
    fields = ("_delimiter", "_decimal", "_encoding", "_missing", "_header")

    def there(shown: OpenTableDialog) -> list[bool]:
        return [getattr(shown._options, name).isVisible() for name in fields]

    assert all(there(dialog))
    files = Path(__file__).parent.parent / "import_files"
    assert there(dialog_for(files / "labels_missing.sav", desk, qtbot)) == [False, False, True, True, False]
    assert there(dialog_for(files / "plain.xlsx", desk, qtbot)) == [False, False, False, True, True]
