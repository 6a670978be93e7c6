"""What can go wrong, as values: one base error with a stable code, and the things that could not be read.

Nothing here knows anything of Assay's other rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; others build on them, so they stay put."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    UNREADABLE = 3
    REFUSED = 4
    FAULT = 5
    VERIFY_FAILED = 6


def escape_control(text: str) -> str:
    """Return `text` with every character that could break a line or steer a terminal shown as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text)


def one_line(text: str, limit: int = 400) -> str:
    """Return `text` folded to one printable line of at most `limit` characters."""
    folded = escape_control(" ".join(text.split()))
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, a line and column in it, a commit. Each part may be unknown."""

    path: str = ""
    """Path inside the repository, or of a file given on the command line; empty when unknown."""
    line: int = 0
    """Line, from 1; 0 when unknown."""
    column: int = 0
    """Column, from 1; 0 when unknown."""
    commit: str = ""
    """Full object id of the commit; empty when unknown."""

    def __str__(self) -> str:
        """Return `path:line:column @commit`, leaving out what is unknown."""
        parts = [escape_control(self.path)] if self.path else []
        if self.path and self.line:
            parts.append(f":{self.line}")
            if self.column:
                parts.append(f":{self.column}")
        if self.commit:
            parts.append(f"{' ' if parts else ''}@{escape_control(self.commit)[:12]}")
        return "".join(parts)


class AssayError(Exception):
    """A failure that a user can act on: `error[CODE] place: reason (fix)`, always one line."""

    exit_code = ExitCode.REFUSED

    def __init__(self, code: str, reason: str, *, fix: str = "", place: Place | None = None) -> None:
        """Keep a stable `code`, the `reason`, what to do (`fix`) and the `place`."""
        self.code = code
        self.reason = reason
        self.fix = fix
        self.place = place or Place()
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the one line that a user sees."""
        where = str(self.place)
        return "".join(
            [
                f"error[{self.code}]",
                f" {where}" if where else "",
                f": {one_line(self.reason)}",
                f" ({one_line(self.fix)})" if self.fix else "",
            ]
        )


class RefusedError(AssayError):
    """The input is refused before anything is written."""


class UsageError(AssayError):
    """The command was called with options that can't be taken."""

    exit_code = ExitCode.USAGE


class FaultError(AssayError):
    """The machine failed: no space, no permission, a program that died."""

    exit_code = ExitCode.FAULT


class VerifyError(AssayError):
    """Evidence is not what its manifest says."""

    exit_code = ExitCode.VERIFY_FAILED


class ConfigErrors(AssayError):  # noqa: N818 - the plural is the point: every error of a file at once
    """Every error of a configuration file at once, each on its own line."""

    exit_code = ExitCode.REFUSED

    def __init__(self, errors: list[AssayError]) -> None:
        """Keep the single errors in the order of their lines."""
        self.errors = tuple(errors)
        super().__init__("config", f"{len(errors)} errors")

    def __str__(self) -> str:
        """Return one line an error."""
        return "\n".join(str(error) for error in self.errors)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that could not be read: the type of its own that is never `None` and never a pass."""

    code: str
    """Stable slug of the reason, such as `yaml-syntax`."""
    reason: str
    """One sentence for a person."""
    place: Place
    """File, line, column and commit."""
    fix: str = ""
    """What to do about it; empty when nothing is known."""
