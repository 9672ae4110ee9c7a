"""How slow work reports and stops. No threads of its own: a caller may share these between two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mlgui.errors import Cancelled


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where a job stands. total is None where the end is not known."""

    text: str
    done: int = 0
    total: int | None = None


OnStep = Callable[[Step], None]


class Latest:
    """The newest step, overwritten by the worker and read by a timer; also the way to stop it.

    Calling it with a Step stores the step, and raises Cancelled if `stop()` was called before.
    """

    def __init__(self) -> None:
        self.step: Step | None = None
        self._stopped = False

    def __call__(self, step: Step) -> None:
        if self._stopped:
            raise Cancelled
        self.step = step

    def stop(self) -> None:
        """Ask the worker to stop at its next step."""
        self._stopped = True

    @property
    def stopped(self) -> bool:
        """Whether `stop()` was called."""
        return self._stopped


def ignore_steps(step: Step) -> None:
    """Report to nobody."""
