r"""Run mlgui under Wine 8, whose ucrtbase.dll lacks the four functions of complex numbers that numpy and scipy call.

    wine64 python\python.exe under_wine.py selftest

The functions are written over their stubs in this process, as machine code of the Windows calling convention: a float pair comes
in rcx, a double pair behind the pointer in rcx, the answer leaves in xmm0. On a real Windows nothing of this is needed.
"""

from __future__ import annotations

import ctypes
import sys

FILLED_IN = {
    "crealf": "66 0f 6e c1 c3",  # movd xmm0, ecx; ret
    "cimagf": "48 c1 e9 20 66 0f 6e c1 c3",  # shr rcx, 32; movd xmm0, ecx; ret
    "creal": "f3 0f 7e 01 c3",  # movq xmm0, [rcx]; ret
    "cimag": "f3 0f 7e 41 08 c3",  # movq xmm0, [rcx + 8]; ret
}
READ_WRITE_EXECUTE = 0x40


def fill_in() -> None:
    """Write the functions over their stubs."""
    kernel, runtime = ctypes.WinDLL("kernel32"), ctypes.WinDLL("ucrtbase")  # type: ignore[attr-defined]
    kernel.VirtualProtect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_ulong, ctypes.c_void_p]
    for name, text in FILLED_IN.items():
        code, before = bytes.fromhex(text), ctypes.c_ulong()
        place = ctypes.cast(getattr(runtime, name), ctypes.c_void_p).value
        kernel.VirtualProtect(place, len(code), READ_WRITE_EXECUTE, ctypes.byref(before))
        ctypes.memmove(place, code, len(code))


if __name__ == "__main__":
    fill_in()
    sys.modules["_wmi"] = None  # type: ignore[assignment]  # `platform` asks it, and Wine 8 dies answering
    from mlgui.cli import main
    from mlgui.data.read import trial
    from mlgui.data.trial_child import WORKER

    trial.child_command = lambda: [sys.executable, __file__, WORKER]  # children need the same
    raise SystemExit(main())
