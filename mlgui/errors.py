"""What can go wrong, in words for the person at the screen."""

from __future__ import annotations


class UserError(Exception):
    """A problem the user can understand and mend.

    what: what happened. why: the cause, as far as known. do: what to do next.
    position: character in the text the user typed, where there is one.
    """

    def __init__(self, what: str, why: str = "", do: str = "", *, position: int | None = None) -> None:
        super().__init__(" ".join(part for part in (what, why, do) if part))
        self.what = what
        self.why = why
        self.do = do
        self.position = position


class Interrupted(UserError):
    """Work that something outside of the program ended; trying again may well succeed."""


class Cancelled(Exception):
    """Raised inside `on_step` to stop a computation; nothing below `session.jobs` catches it."""
