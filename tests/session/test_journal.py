from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.session import journal
from mlgui.session.journal import Journal, abandoned, journal_folder, project_of, recover
from mlgui.session.models import Model, Snapshot
from mlgui.session.project import previous_version, save_project
from mlgui.spec.formula import parse


@pytest.fixture
def snapshot(table: Table, structure: Structure) -> Snapshot:
    models = (Model(key=1, name="M", spec=parse("score ~ x + (1 | school)")), Model(key=4, name="N", note="à faire"))
    return Snapshot(table=table, structure=structure, models=models, active=4)


def leave(made: Journal) -> None:
    """End the window of a journal as a crash does: the system lets go of the lock, the files stay."""
    assert made._lock is not None
    os.close(made._lock)
    made._lock = made._folder = None


def test_a_window_that_has_nothing_to_lose_leaves_nothing() -> None:
    Journal().close()
    assert not journal_folder().exists()


def test_the_work_of_a_crashed_window_is_offered_and_recovered(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot, "/data/study.mlgui")
    leave(made)
    (entry,) = abandoned()
    assert (entry.name, entry.path, entry.n_models) == ("study", "/data/study.mlgui", 2)
    opened = recover(entry)
    assert opened.models == snapshot.models and opened.active == 4
    assert opened.table.names == snapshot.table.names  # type: ignore[union-attr]
    entry.discard()
    assert list(journal_folder().iterdir()) == []


def test_a_running_window_is_not_offered(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot)
    assert abandoned() == ()
    made.close()
    assert list(journal_folder().iterdir()) == []


def test_what_one_window_offers_no_other_does(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot)
    leave(made)
    (entry,) = abandoned()
    assert abandoned() == ()
    entry.release()
    (again,) = abandoned()
    again.release()


def test_a_table_is_written_once_and_models_each_time(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot)
    folder = next(journal_folder().iterdir())
    project = (folder / "1.mlgui").stat()
    changed = replace(snapshot, models=snapshot.models[:1], active=1)
    made.write(changed)
    assert (folder / "1.mlgui").stat() == project
    made.write(replace(changed, table=replace(snapshot.table, row_ids=snapshot.table.row_ids + 100)))  # type: ignore[union-attr]
    assert sorted(path.name for path in folder.iterdir()) == ["2.mlgui", "journal.json", "lock"]
    leave(made)
    (entry,) = abandoned()
    opened = recover(entry)
    assert opened.models == changed.models and opened.table.row_ids[0] == 101
    entry.discard()


def test_what_was_saved_is_forgotten(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot)
    made.clear()
    leave(made)
    assert abandoned() == ()
    assert list(journal_folder().iterdir()) == []


def test_a_journal_cleared_can_be_written_again(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot)
    made.clear()
    made.write(snapshot)
    leave(made)
    (entry,) = abandoned()
    assert recover(entry).models == snapshot.models
    entry.discard()


def test_the_project_is_saved_to_only_if_nobody_saved_it_since(tmp_path: Path, snapshot: Snapshot) -> None:
    path = tmp_path / "a.mlgui"
    save_project(path, snapshot)
    made = Journal()
    made.write(snapshot, str(path))
    leave(made)
    (entry,) = abandoned()
    assert project_of(entry) == str(path)
    later = datetime.now(UTC) + timedelta(minutes=1)
    os.utime(path, (later.timestamp(), later.timestamp()))
    assert project_of(entry) is None
    path.unlink()
    assert project_of(entry) is None
    entry.discard()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": "mlgui-journal", "version": 1}', b"[" * 100_000, b"\xff"])
def test_a_journal_nobody_can_read_is_neither_offered_nor_deleted(snapshot: Snapshot, content: bytes) -> None:
    made = Journal()
    made.write(snapshot)
    leave(made)
    file = next(journal_folder().glob("*/journal.json"))
    file.write_bytes(content)
    assert abandoned() == ()
    assert file.read_bytes() == content


def test_a_damaged_project_of_a_journal_is_told_in_words(snapshot: Snapshot) -> None:
    made = Journal()
    made.write(snapshot)
    leave(made)
    (entry,) = abandoned()
    (entry.folder / "1.mlgui").write_bytes(b"PK")
    with pytest.raises(UserError, match="not a whole mlgui project"):
        recover(entry)
    entry.discard()


def test_a_journal_cannot_lead_elsewhere(tmp_path: Path, snapshot: Snapshot) -> None:
    save_project(tmp_path / "other.mlgui", snapshot)
    made = Journal()
    made.write(snapshot)
    leave(made)
    (entry,) = abandoned()
    file = entry.folder / "journal.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"project": str(tmp_path / "other.mlgui")}))
    with pytest.raises(UserError):
        recover(entry)
    entry.discard()


def test_a_process_that_dies_leaves_its_journal_unlocked(snapshot: Snapshot, tmp_path: Path) -> None:
    save_project(tmp_path / "a.mlgui", snapshot)
    program = """
import os, sys
from pathlib import Path
from mlgui.session.journal import Journal
from mlgui.session.models import Snapshot
from mlgui.session.project import open_project
opened = open_project(Path(sys.argv[1]))
Journal().write(Snapshot(table=opened.table, structure=opened.structure, models=opened.models, active=opened.active))
os._exit(9)
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.mlgui")], check=False)
    assert done.returncode == 9
    (entry,) = abandoned()
    assert recover(entry).models == snapshot.models
    entry.discard()


def test_a_disk_that_refuses_is_told_in_words(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="could not be written"):
        Journal(tmp_path / "file" / "recovery").write(snapshot)


def test_the_folder_is_the_systems_unless_one_is_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(journal.FOLDER_VARIABLE, str(tmp_path))
    assert journal_folder() == tmp_path / "recovery"
    monkeypatch.delenv(journal.FOLDER_VARIABLE)
    monkeypatch.delenv(journal.SETTINGS_VARIABLE)
    assert journal_folder().name == "recovery" and "mlgui" in str(journal_folder())


# The version before the last save


def test_the_previous_version_is_kept_beside_the_project(tmp_path: Path, snapshot: Snapshot) -> None:
    path = tmp_path / "a.mlgui"
    save_project(path, snapshot)
    first = path.read_bytes()
    assert not previous_version(path).exists()
    save_project(path, replace(snapshot, active=1))
    save_project(path, replace(snapshot, active=1))  # the same again does not push the other version out
    assert (tmp_path / "a.mlgui~").read_bytes() == first
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.mlgui", "a.mlgui~"]


def test_a_disk_without_links_keeps_a_copy(tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    path = tmp_path / "a.mlgui"
    save_project(path, snapshot)
    first = path.read_bytes()
    monkeypatch.setattr("os.link", refuse)
    save_project(path, replace(snapshot, active=1))
    assert previous_version(path).read_bytes() == first
