"""For every test: no screen needed, settings in a folder of its own, and silence.

An unexpected warning in the log, or a thread of the program left behind, fails the test that caused it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "logs: this test expects warnings in the log")


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands for the user's settings."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv("MLGUI_SETTINGS", str(folder))
    return folder


@pytest.fixture(autouse=True)
def silence(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on log records of level WARNING and above, unless the test is marked `logs`."""
    collector, program = _Collector(), logging.getLogger("mlgui")
    program.addHandler(collector)
    yield
    program.removeHandler(collector)
    if request.node.get_closest_marker("logs") is None:
        assert not collector.records, [record.getMessage() for record in collector.records]


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail if a lane of the runner outlives the test."""
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("mlgui-")]
    assert not left, left
