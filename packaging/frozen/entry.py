"""What the frozen program runs: the command line, or the window where it was started by the name of the window's program."""

from __future__ import annotations

import sys
from pathlib import Path

from mlgui.cli import main, main_gui

if __name__ == "__main__":
    raise SystemExit(main_gui() if Path(sys.argv[0]).stem == "mlgui-gui" else main())
