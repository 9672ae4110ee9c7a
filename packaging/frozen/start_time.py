"""Time from the start of the process to the first paint and to a window that is ready, warm and, for root on Linux, cold.

python packaging/frozen/start_time.py PROGRAM [RUNS]      on a screen, such as one of Xvfb
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

_CACHES = Path("/proc/sys/vm/drop_caches")
_MARKS = ("first paint", "ready")


def started(program: str) -> dict[str, float]:
    """Return the seconds to each mark of one start."""
    began = time.perf_counter()
    environment = {**os.environ, "MLGUI_TIMING": "1", "MLGUI_QUIT": "1"}
    seconds: dict[str, float] = {}
    with subprocess.Popen([program], stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        for line in process.stderr:
            for mark in _MARKS:
                if f"mlgui: {mark} " in line:
                    seconds[mark] = time.perf_counter() - began
    return seconds


def forget_files() -> bool:
    """Let the system forget which files it has read, as after a restart; return whether that is allowed."""
    try:
        os.sync()
        _CACHES.write_text("3", "ascii")
    except OSError:
        return False
    return True


def main(program: str, runs: int = 5) -> None:
    """Print median and largest seconds, cold and warm."""
    if forget_files():
        report("cold", [started(program) for _ in range(runs) if forget_files()])
    started(program)
    report("warm", [started(program) for _ in range(runs)])


def report(state: str, starts: list[dict[str, float]]) -> None:
    """Print one line for each mark."""
    for mark in _MARKS:
        values = [start[mark] for start in starts]
        print(f"{state} {mark}: median {statistics.median(values):.2f} s, most {max(values):.2f} s")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
