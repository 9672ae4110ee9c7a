"""Disk full, I/O errors, no permission, and the end of the process at every operation of a save: a project always opens."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mlgui.data.structure import Structure, find_structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.session.archive import write_atomically
from mlgui.session.journal import Journal, abandoned, recover
from mlgui.session.models import Model, Snapshot
from mlgui.session.project import open_project, previous_version, save_project
from mlgui.session.settings import Settings, load_settings, save_settings
from mlgui.spec.formula import parse
from tests.session.faulty_disk import ERRORS, FAULTS, Killed, fault, operations

REFUSED = (*ERRORS, "full")


@dataclass(frozen=True)
class Scenario:
    """prepare: what is there before. work: what is interrupted. check: raises if anything was lost."""

    name: str
    prepare: Callable[[Path], None]
    work: Callable[[Path], None]
    check: Callable[[Path, str], None]


def snapshots(table: Table) -> tuple[Snapshot, Snapshot, Snapshot]:
    """Return three states that differ."""
    structure = find_structure(table)
    spec = parse("score ~ x + (1 | school)")
    states = (Model(key=1, name="oldest"), Model(key=1, name="old", spec=spec), Model(key=1, name="new", note="n", spec=spec))
    oldest, old, new = (Snapshot(table=table, structure=structure, models=(model,), active=1) for model in states)
    return oldest, old, new


def name_in(path: Path) -> str:
    """Return which of the three states a project holds."""
    return open_project(path).models[0].name


def scenarios(table: Table) -> list[Scenario]:
    """Return what may be interrupted: saves with nothing, one and two versions before them, the journal, the settings."""
    oldest, old, new = snapshots(table)
    found = [
        _save("first save", (), new),
        _save("second save", (old,), new),
        _save("third save", (oldest, old), new),
        _save("save without links", (oldest, old), new, links=False),
    ]
    return [*found, _journal("journal", table, old, new), _settings("settings")]


def _save(name: str, before: tuple[Snapshot, ...], new: Snapshot, *, links: bool = True) -> Scenario:
    def prepare(folder: Path) -> None:
        for state in before:
            save_project(folder / "a.mlgui", state)

    def work(folder: Path) -> None:
        if links:
            save_project(folder / "a.mlgui", new)
            return
        real, os.link = os.link, _no_links
        try:
            save_project(folder / "a.mlgui", new)
        finally:
            os.link = real

    def check(folder: Path, ending: str) -> None:
        path, allowed = folder / "a.mlgui", {state.models[0].name for state in before[-1:]} | {"new"}
        if ending == "done":
            assert name_in(path) == "new"
        elif path.exists():
            assert name_in(path) in allowed
        else:
            assert not before
        if len(before) == 2 or previous_version(path).exists():
            assert name_in(previous_version(path)) in {"oldest", "old"}
        if ending == "refused":
            assert not list(folder.glob(".*")), "a failed save left something behind"

    return Scenario(name, prepare, work, check)


def _no_links(*_: object) -> None:
    raise OSError(1, "Operation not permitted")


def _journal(name: str, table: Table, old: Snapshot, new: Snapshot) -> Scenario:
    """A journal written before is written again, with another table."""
    other = replace(new, table=replace(table, row_ids=table.row_ids + 1))
    made: dict[Path, Journal] = {}

    def prepare(folder: Path) -> None:
        made[folder] = Journal(folder)
        made[folder].write(old)

    def work(folder: Path) -> None:
        made[folder].write(other)

    def check(folder: Path, ending: str) -> None:
        lock = made[folder]._lock
        assert lock is not None
        os.close(lock)
        (entry,) = abandoned(folder)
        opened = recover(entry)
        assert opened.models[0].name in (("new",) if ending == "done" else ("old", "new"))
        assert (opened.table.row_ids[0] == other.table.row_ids[0]) == (opened.models[0].name == "new")  # type: ignore[union-attr]
        entry.discard()

    return Scenario(name, prepare, work, check)


def _settings(name: str) -> Scenario:
    def check(folder: Path, ending: str) -> None:
        assert load_settings(folder).digits in ((4,) if ending == "done" else (3, 4))

    return Scenario(
        name,
        lambda folder: save_settings(Settings(digits=3), folder),
        lambda folder: save_settings(Settings(digits=4), folder),
        check,
    )


def endings(scenario: Scenario, folders: Iterator[Path], how: str, every: int = 1) -> Counter[str]:
    """Let every n-th operation of a scenario end as `how` says; return how often the work was done, refused or killed."""
    folder = next(folders)
    scenario.prepare(folder)
    n = len(operations(lambda: scenario.work(folder)))
    counted: Counter[str] = Counter()
    for at in range(0, n, every):
        folder = next(folders)
        scenario.prepare(folder)
        ending = "done"
        try:
            with fault(at, how):
                scenario.work(folder)
        except UserError as error:
            assert how in REFUSED and error.what and error.do
            ending = "refused"
        except Killed:
            ending = "killed"
        scenario.check(folder, ending)
        counted[ending] += 1
    return counted


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    def make() -> Iterator[Path]:
        n = 0
        while True:
            folder = tmp_path / str(n)
            folder.mkdir()
            yield folder
            n += 1

    return make()


@pytest.mark.parametrize("how", FAULTS)
def test_a_project_opens_whatever_fails(folders: Iterator[Path], table: Table, how: str) -> None:
    total: Counter[str] = Counter()
    for scenario in scenarios(table):
        total += endings(scenario, folders, how, every=3)
    assert total["refused" if how in REFUSED else "killed"] > 20


def test_a_save_that_is_done_has_reached_the_disk(tmp_path: Path, table: Table, structure: Structure) -> None:
    """The content is synced before the renaming, and the renaming after it."""
    _, old, new = snapshots(table)
    save_project(tmp_path / "a.mlgui", old)
    done = operations(lambda: save_project(tmp_path / "a.mlgui", new))
    last_write = max(place for place, name in enumerate(done) if name == "write")
    syncs = [place for place, name in enumerate(done) if name == "fsync"]
    renames = [place for place, name in enumerate(done) if name == "replace"]
    assert last_write < syncs[0] < renames[-1] < syncs[-1]


def test_a_file_that_reads_back_wrong_does_not_replace_the_old(tmp_path: Path) -> None:
    def verify(_: Path) -> None:
        raise UserError("wrong")

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(UserError, match="wrong"):
        write_atomically(tmp_path / "a", b"new", verify)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]
