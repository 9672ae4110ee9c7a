"""Every operation of the save path fails, or is the last one of the process: does a project always open?

    python tests/studies/faults.py

Saves without, with one and with two versions before them, on disks with and without links, the journal and the settings; at
each write, flush, fsync, rename, link, copy, permission and status call: disk full (once, and from there on), I/O error, no
permission, and the end of the process before and after it. Then real ends: a child process is ended by the system at each
operation, nothing of it tidied up. The command fails with the first project that does not open.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from mlgui.session.examples import open_example  # noqa: E402
from mlgui.session.project import open_project, save_project  # noqa: E402
from tests.session.faulty_disk import FAULTS, Killed, fault, operations  # noqa: E402
from tests.session.test_faults import endings, name_in, scenarios, snapshots  # noqa: E402


def folders(inside: Path) -> Iterator[Path]:
    """Yield new folders without end."""
    n = 0
    while True:
        folder = inside / f"{n:06}"
        folder.mkdir()
        yield folder
        n += 1


def injected(new: Iterator[Path]) -> int:
    """Print and return the number of faults put into every scenario."""
    total = 0
    table = _table()
    for scenario in scenarios(table):
        for how in FAULTS:
            counted = endings(scenario, new, how)
            total += sum(counted.values())
            print(f"| {scenario.name} | {how} | {sum(counted.values())} | {_words(counted)} |", flush=True)
    return total


def really_killed(new: Iterator[Path]) -> int:
    """Return the number of child processes that were ended at an operation of a second save."""
    _, old, newest = snapshots(_table())
    folder = next(new)
    save_project(folder / "a.mlgui", old)
    n = len(operations(lambda: save_project(folder / "a.mlgui", newest)))
    found: Counter[str] = Counter()
    for at in range(n):
        folder = next(new)
        save_project(folder / "a.mlgui", old)
        child = os.fork()
        if child == 0:
            try:
                with fault(at, "killed after"):
                    save_project(folder / "a.mlgui", newest)
            except Killed:
                os._exit(9)
            os._exit(0)
        os.waitpid(child, 0)
        found[name_in(folder / "a.mlgui")] += 1
        assert open_project(folder / "a.mlgui").table.n_rows
    assert set(found) <= {"old", "new"}, found
    print(f"| second save | process ended by the system | {n} | {_words(found)} |")
    return n


def _table():  # type: ignore[no-untyped-def]
    """Return a small table with the columns of the scenarios."""
    table, _, _ = open_example("sleepstudy")
    names = {"Reaction": "score", "Days": "x", "Subject": "school"}
    from dataclasses import replace

    columns = tuple(replace(column, name=names.get(column.name, column.name)) for column in table.columns)
    return replace(table, columns=columns)


def _words(counted: Counter[str]) -> str:
    return ", ".join(f"{n} {what}" for what, n in sorted(counted.items()))


def main() -> None:
    """Run the study and print a table in Markdown."""
    print("| what | fault | points | ended |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as made:
        new = folders(Path(made))
        total = injected(new) + (really_killed(new) if hasattr(os, "fork") else 0)
    print(f"\n{total} faults; the old or the new project opened after each of them.")


if __name__ == "__main__":
    main()
