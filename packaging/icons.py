"""The program's icon in the sizes and formats that each system asks for, drawn from `resources/icons/app.svg` by Qt.

python packaging/icons.py FOLDER SIZE ...     FOLDER/16.png and so on; run by the Python of the build environment
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from project import ROOT, build_python, fresh, run

SVG = ROOT / "resources" / "icons" / "app.svg"
_ICO_SIZES = (16, 24, 32, 48, 64, 256)
_ICNS_TYPES = {32: b"ic11", 64: b"ic12", 128: b"ic07", 256: b"ic08", 512: b"ic09", 1024: b"ic10"}


def draw_icons(folder: Path, sizes: tuple[int, ...]) -> dict[int, Path]:
    """Return a PNG of every size, drawn into a folder."""
    fresh(folder)
    run(build_python(), Path(__file__), folder, *map(str, sizes), QT_QPA_PLATFORM="offscreen")
    return {size: folder / f"{size}.png" for size in sizes}


def write_ico(path: Path, folder: Path) -> None:
    """Write the icon of Windows: a directory of PNG images."""
    images = [(size, file.read_bytes()) for size, file in draw_icons(folder, _ICO_SIZES).items()]
    place = 6 + 16 * len(images)
    entries = b""
    for size, image in images:
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), place)
        place += len(image)
    path.write_bytes(struct.pack("<HHH", 0, 1, len(images)) + entries + b"".join(image for _, image in images))


def write_icns(path: Path, folder: Path) -> None:
    """Write the icon of macOS: PNG images, each behind its type and length."""
    images = {_ICNS_TYPES[size]: file.read_bytes() for size, file in draw_icons(folder, tuple(_ICNS_TYPES)).items()}
    body = b"".join(kind + struct.pack(">I", len(image) + 8) + image for kind, image in images.items())
    path.write_bytes(b"icns" + struct.pack(">I", len(body) + 8) + body)


def _draw(folder: Path, sizes: list[int]) -> None:
    """Draw with Qt, in this process."""
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    renderer = QSvgRenderer(str(SVG))
    for size in sizes:
        image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    application.quit()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _draw(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])
