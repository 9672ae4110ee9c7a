"""The command line: the same flow without a window; opens the window when asked."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

OK = 0
USER_ERROR = 1
DEBUG_VARIABLE = "MLGUI_DEBUG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 done, 1 a problem told in a sentence, 2 wrong usage."""
    from mlgui.cli.arguments import parse_arguments
    from mlgui.data.trial_child import WORKER, run_child

    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments[:1] == [WORKER]:
        return run_child(arguments[1:])
    _print_what_the_console_can()
    chosen = parse_arguments(arguments)
    return _told(lambda: chosen.run(chosen))


def main_gui() -> int:
    """Open the window on its start page, or on the files given; entry point without a console.

    A file that is missing is told by the window: nobody would see another place.
    """
    from mlgui.cli.window import open_window
    from mlgui.data.trial_child import WORKER, run_child

    arguments = sys.argv[1:]
    if arguments[:1] == [WORKER]:
        return run_child(arguments[1:])
    return _told(lambda: open_window([Path(file) for file in arguments], None))


def _told(run: Callable[[], int]) -> int:
    """Return the exit code of `run`; problems are told in a sentence instead of a traceback."""
    from mlgui.errors import Cancelled, UserError

    try:
        return run()
    except UserError as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, Cancelled):
        return _refuse("")
    except BrokenPipeError:  # the reader of our output has left, as `| head` does; leave nothing to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        return _refuse(_surprise(error))


def _print_what_the_console_can() -> None:
    """Let characters that the console's encoding lacks become question marks instead of errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refuse(sentence: str) -> int:
    if sentence:
        print(f"mlgui: {sentence}", file=sys.stderr)
    return USER_ERROR


def _surprise(error: Exception) -> str:
    """Return the sentence for a mistake of the program's own."""
    from mlgui.words import tr

    text = tr("Something went wrong inside mlgui ({kind}: {message}). With {variable}=1 it says where; please report it.")
    return text.format(kind=type(error).__name__, message=error, variable=DEBUG_VARIABLE)
