"""Hostile data files, each opened in a child of its own: seconds, megabytes above the running program, and what was said.

    python tests/studies/hostile.py

Linux only: a child is a copy of a program that has already read honest files, so that what it takes on top is the file's doing.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

HONEST = ("plain.xlsx", "blanks.csv", "labels_missing.sav", "types.parquet", "frame.rds", "merged.xls")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a file cost. seconds: of the processor, wall: by the clock; megabytes: at the peak, of its own child (a trial) too."""

    name: str
    seconds: float
    wall: float
    megabytes: float
    said: str


def measured(paths: Sequence[Path]) -> list[Cost]:
    """Return what it costs to open each file in a copy of a program that has read honest ones."""
    command = [sys.executable, str(Path(__file__)), "--child", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return [Cost(**json.loads(line)) for line in done.stdout.splitlines()]


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _open(path: Path) -> None:
    """Open one file and print what it cost; runs in a copy of the process."""
    from mlgui.data.read import read_file
    from mlgui.errors import UserError

    before, started = _peak(resource.RUSAGE_SELF), time.perf_counter()
    seconds = _cpu(resource.RUSAGE_SELF)
    said = "opened"
    try:
        read_file(path)
    except UserError as error:
        said = error.what
    wall = time.perf_counter() - started
    seconds = _cpu(resource.RUSAGE_SELF) + _cpu(resource.RUSAGE_CHILDREN) - seconds
    megabytes = _peak(resource.RUSAGE_SELF) - before + _peak(resource.RUSAGE_CHILDREN)
    cost = {"name": path.name, "seconds": seconds, "wall": wall, "megabytes": megabytes, "said": said}
    print(json.dumps(cost), flush=True)


def _child(paths: Sequence[Path]) -> None:
    from mlgui.data.read import read_file

    for name in HONEST:
        read_file(ROOT / "tests" / "import_files" / name)
    for path in paths:
        copy = os.fork()
        if not copy:
            _open(path)
            os._exit(0)
        os.waitpid(copy, 0)


def main() -> int:
    """Print a line for each hostile file and return how many cost too much."""
    from tests.data.hostile_files import HOSTILE

    with tempfile.TemporaryDirectory() as folder:
        costs = measured([make(Path(folder) / name) for name, make, _ in HOSTILE])
    for cost in costs:
        print(f"{cost.name:18} {cost.seconds:5.2f} s {cost.wall:5.2f} s by the clock {cost.megabytes:6.0f} MB  {cost.said}")
    over = [cost for cost in costs if cost.seconds >= 2 or cost.megabytes >= 300 or cost.said == "opened"]
    print(f"{len(costs)} files, {len(over)} opened, slow or large")
    return len(over)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child([Path(name) for name in sys.argv[2:]])
    else:
        sys.exit(main())
