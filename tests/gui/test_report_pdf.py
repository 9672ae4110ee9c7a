from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from mlgui.gui.dialogs.export_files import report_targets, write_report
from mlgui.results.report import Report
from mlgui.session.examples import open_example
from mlgui.session.jobs import fit_model
from mlgui.session.models import Model


@pytest.fixture(scope="module")
def fitted() -> tuple[Report, Model]:
    table, structure, models = open_example("pastes")
    assert models[0].spec is not None
    return fit_model(table, structure, models[0].spec), models[0]


def test_every_form_of_a_report_is_written(fitted: tuple[Report, Model], tmp_path: Path) -> None:
    suffixes = [".docx", ".html", ".pdf", ".json", ".R", ".py", ".do", ".sps", ".bib"]
    targets = report_targets(tmp_path, "report", suffixes)
    write_report(*fitted, targets, others=[fitted])
    assert [path.suffix for path in targets if path.stat().st_size > 50] == suffixes


def test_the_pdf_has_pages_and_embedded_fonts(fitted: tuple[Report, Model], tmp_path: Path) -> None:
    targets = report_targets(tmp_path, "report", [".pdf"])
    write_report(*fitted, targets)
    data = targets[0].read_bytes()
    assert data.startswith(b"%PDF") and b"/FontFile" in data and b"/Image" in data
    boxes = [[float(side) for side in box.split()] for box in re.findall(rb"/MediaBox \[([^]]*)\]", data)]
    assert len(boxes) >= 2
    # A4 is 595.28 x 841.89 points; Qt writes whole points
    assert all(box == pytest.approx([0.0, 0.0, 595.28, 841.89], abs=0.5) for box in boxes)


def test_several_models_make_a_longer_pdf(fitted: tuple[Report, Model], tmp_path: Path) -> None:
    one, two = report_targets(tmp_path, "one", [".pdf"]), report_targets(tmp_path, "two", [".pdf"])
    write_report(*fitted, one)
    write_report(*fitted, two, others=[fitted])
    pages = [path.read_bytes().count(b"/MediaBox") for path in (*one, *two)]
    assert pages[1] > pages[0]


def test_a_pdf_may_be_written_beside_the_window(
    fitted: tuple[Report, Model], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    targets = report_targets(tmp_path, "report", [".pdf"])
    thread = threading.Thread(target=write_report, args=(*fitted, targets))
    thread.start()
    thread.join()
    assert targets[0].read_bytes().startswith(b"%PDF") and "QBasicTimer" not in capfd.readouterr().err
