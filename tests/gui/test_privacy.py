"""Nothing goes out: no internet socket in a whole visit, and no path or name of the user in anything that is written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

VISIT = Path(__file__).parent / "whole_session.py"
USER = "zyxquorx"
FOLDER = "Sekretordner"
ROWS = "".join(f"s{j};{i};{10 + j + 0.5 * i + (i * 7 + j * 3) % 5:.1f}\n" for j in range(12) for i in range(8))


def parts(content: bytes) -> Iterator[bytes]:
    """Yield a file and everything packed inside it: members of zip files, streams of PDF files, texts of PNG files."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for member in packed.infolist():
                yield member.filename.encode()
                yield from parts(packed.read(member))
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.S) if content.startswith(b"%PDF") else []
    streams += re.findall(rb"(?:zTXt|iTXt).*?\0{1,5}(x.*?)IDAT", content[:4096], re.S) if content.startswith(b"\x89PNG") else []
    for stream in streams:
        try:
            yield zlib.decompressobj().decompress(stream)
        except zlib.error:
            yield stream


def tells(content: bytes, word: str) -> bool:
    return any(word.encode(code) in part for part in parts(content) for code in ("utf-8", "utf-16-le", "utf-16-be"))


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]], list[str]]:
    """Return the folder of what a visit wrote, what it says of sockets, and what the system says (empty without strace)."""
    home = tmp_path_factory.mktemp("home") / USER
    data, out, trace = home / FOLDER / "pupils.csv", home / FOLDER / "out", home / "trace"
    out.mkdir(parents=True)
    data.write_text("school;pupil;score\n" + ROWS)
    environment = os.environ | {
        "HOME": str(home), "USER": USER, "LOGNAME": USER, "USERNAME": USER, "USERPROFILE": str(home),
        "MLGUI_SETTINGS": str(home / "settings"), "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    command = [sys.executable, str(VISIT), str(data), str(out)]
    strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket", "-o", str(trace)]
    usable = shutil.which("strace") and not subprocess.run([*strace, "true"], capture_output=True, check=False).returncode
    done = subprocess.run([*(strace if usable else []), *command], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    calls = trace.read_text().splitlines() if usable else []
    return out, json.loads(done.stdout.splitlines()[-1]), calls


def test_no_internet_socket_is_ever_opened(visited: tuple[Path, dict[str, list[str]], list[str]]) -> None:
    _, said, calls = visited
    assert said == {"sockets": [], "modules": []}
    assert not [call for call in calls if "AF_INET" in call]


def test_nothing_that_is_written_names_the_user_or_a_folder(visited: tuple[Path, dict[str, list[str]], list[str]]) -> None:
    out, _, _ = visited
    files = sorted(path for path in out.rglob("*") if path.is_file())
    suffixes = {path.suffix for path in files}
    assert suffixes >= {".csv", ".docx", ".html", ".json", ".pdf", ".png", ".svg", ".xlsx", ".rtf", ".tex", ".md", ".mlgui", ".R"}
    told = [(path.name, word) for path in files for word in (USER, FOLDER) if tells(path.read_bytes(), word)]
    assert not told


def test_the_scan_finds_what_is_packed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("b", f"at home of {USER}" * 9)
    assert tells((tmp_path / "a").read_bytes(), USER)
    assert tells(b"%PDF stream\n" + zlib.compress(USER.encode() * 9) + b"endstream", USER)
    assert not tells(b"%PDF stream\n" + zlib.compress(b"nobody" * 9) + b"endstream", USER)
