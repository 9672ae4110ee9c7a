"""Windows killed at random moments while a script works in them: how much is lost?

    python tests/studies/kills.py [50]

Each window (no screen needed) opens an example, then adds, copies, renames and deletes models, takes steps back and writes a
numbered note, several times a second. In every other window the project has a file and is saved now and then. After 0.2 to 6
seconds the system ends the process (SIGKILL). What the next start would offer is then read from the journal, or from the project
where that is newer; lost is the time from the first action missing there to the kill.

The pause of the journal is shortened from 15 s to 0.5 s and losses are counted in pauses: half a minute is two of them, of which
one is left for the writing, which no study can speed up.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAUSE = 0.5
ALLOWED = 2 * PAUSE
sys.path.insert(0, str(ROOT))


def work_in_a_window(folder: Path, seed: int) -> None:
    """Open a window and work in it until the end comes from outside; write number, time and kind of every action to a file."""
    from PySide6.QtCore import QTimer

    from mlgui.gui.app import application, load_everything
    from mlgui.gui.desk import make_desk
    from mlgui.gui.main_window import MainWindow
    from mlgui.session.examples import open_example

    app, dice = application(), random.Random(seed)
    load_everything(lambda _step: None)
    window = MainWindow(make_desk())
    window.show()
    window.finish_loading()
    document = window.desk.document
    table, structure, models = open_example("sleepstudy")
    document.open(table, structure, models, path=str(folder / "work.mlgui") if seed % 2 else None)
    log = os.open(folder / "actions", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    done = 0

    def act() -> None:
        nonlocal done
        key = document.snapshot.active or models[0].key
        edits = [document.add_model, document.undo, lambda: document.duplicate_model(key), lambda: document.delete_model(key)]
        if len(document.snapshot.models) < 6 or dice.random() < 0.5:
            dice.choice(edits)()
        document.annotate(document.snapshot.models[0].key, str(done + 1))
        done += 1
        os.write(log, f"{done} {time.monotonic()}\n".encode())
        if seed % 2 and dice.random() < 0.03:
            window.commands.save()
        timer.start(dice.choice((5, 50, 150)))

    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    timer.start(0)
    app.exec()


def actions(folder: Path) -> dict[int, float]:
    """Return the time of every action that was done."""
    file = folder / "actions"
    lines = file.read_text().splitlines() if file.exists() else []
    return {int(n): float(when) for n, when in (line.split() for line in lines)}


def kept(folder: Path) -> tuple[int, str]:
    """Return the number of the last action that is on disk, and where it is."""
    from mlgui.session.journal import abandoned, recover
    from mlgui.session.project import open_project

    found = [(0, "nowhere")]
    project = folder / "work.mlgui"
    if project.exists():
        found.append((int(open_project(project).models[0].note or 0), "project"))
    for entry in abandoned(folder / "recovery"):
        found.append((int(recover(entry).models[0].note or 0), "journal"))
        entry.discard()
    return max(found)


def one(folder: Path, seed: int, after: float) -> tuple[float, int, str]:
    """Kill one window; return the seconds lost, the number of actions done, and where the rest was found."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen", "MLGUI_SETTINGS": str(folder), "MLGUI_AUTOSAVE": str(PAUSE), "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    child = subprocess.Popen([sys.executable, __file__, "--work", str(folder), str(seed)], env=environment)
    while not actions(folder):
        if child.poll() is not None:
            raise SystemExit("the window ended by itself")
        time.sleep(0.02)
    time.sleep(after)
    killed = time.monotonic()
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = actions(folder)
    last, where = kept(folder)
    lost = max(killed - done[last + 1], 0.0) if last + 1 in done else 0.0
    return lost, len(done), where


def main(times: int) -> int:
    """Run the study, print a summary, and return 1 if more was lost than allowed."""
    dice, losses, places, total = random.Random(7), [], [], 0
    with tempfile.TemporaryDirectory() as made:
        for seed in range(times):
            folder = Path(made) / str(seed)
            folder.mkdir()
            lost, done, where = one(folder, seed, dice.uniform(0.2, 6.0))
            losses, places, total = [*losses, lost], [*places, where], total + done
            print(f"{seed:3}  {done:4} actions, lost {lost:5.2f} s, found in: {where}", flush=True)
    worst, over = max(losses), sum(lost > ALLOWED for lost in losses)
    found = ", ".join(f"{places.count(place)} {place}" for place in sorted(set(places)))
    print(f"\n{times} kills, {total} actions; found in: {found}.")
    scaled = 15 * worst / PAUSE
    print(f"Lost at most {worst:.2f} s, {worst / PAUSE:.2f} pauses (of 15 s: {scaled:.0f} s); over half a minute: {over}.")
    return int(over > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work_in_a_window(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
