"""Project files meant to do harm are refused in words, quickly, and without filling the memory."""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from mlgui.data.structure import Structure
from mlgui.data.table import Table
from mlgui.errors import UserError
from mlgui.session.models import Model, Snapshot
from mlgui.session.project import open_project, save_project
from mlgui.spec.formula import parse
from tests.session.hostile_projects import HOSTILE

SECONDS = 2
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def honest(tmp_path: Path, table: Table, structure: Structure) -> Path:
    (tmp_path / "honest").mkdir()
    path = tmp_path / "honest" / "honest.mlgui"
    model = Model(key=1, name="M", spec=parse("score ~ x + (1 | school)"))
    save_project(path, Snapshot(table=table, structure=structure, models=(model,), active=1))
    return path


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_projects_are_refused_in_words(tmp_path: Path, honest: Path, name: str) -> None:
    path = tmp_path / "hostile.mlgui"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of doubled names, while the file is made
        HOSTILE[name](path, honest)
    before = sorted(tmp_path.rglob("*"))
    started = time.process_time()
    with pytest.raises(UserError) as refused:
        open_project(path)
    assert time.process_time() - started < SECONDS
    assert "hostile.mlgui" in refused.value.what and refused.value.why
    assert sorted(tmp_path.rglob("*")) == before


def test_hostile_projects_do_not_fill_the_memory(tmp_path: Path, honest: Path) -> None:
    """Every file is opened in one child: its peak above an honest project stays below 300 MB."""
    pytest.importorskip("resource")
    paths = []
    for place, name in enumerate(HOSTILE):
        paths.append(tmp_path / f"{place}.mlgui")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            HOSTILE[name](paths[-1], honest)
    program = """
import resource, sys
from pathlib import Path
from mlgui.errors import UserError
from mlgui.session.project import open_project
open_project(Path(sys.argv[1]))
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
before, most = peak(), 0
for path in sys.argv[2:]:
    try:
        open_project(Path(path))
    except UserError:
        pass
print(peak() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(honest), *map(str, paths)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 300
