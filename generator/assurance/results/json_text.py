"""JSON of other tools, read into structs under limits: what is no JSON of that shape says so, and nothing crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from generator.assurance.results.result import unreadable

if TYPE_CHECKING:
    from generator.errors import Unreadable

MOST_OBJECTS = 500_000
"""Objects of one report: a short text can name millions of empty ones, and each takes a hundred times its text."""

_Shape = TypeVar("_Shape")


def decoded(data: bytes, shape: type[_Shape], path: str, what: str) -> _Shape | Unreadable:
    """Return `data` as a value of `shape`; `what` names the format in the reason where it is none."""
    if data.count(b"{") + data.count(b"[") > MOST_OBJECTS:
        return unreadable("size", f"more than {MOST_OBJECTS} objects in one report", path)
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=shape)
    except msgspec.ValidationError as fault:
        return unreadable("shape", f"no {what}: {fault}", path, "check the `format` of the result")
    except msgspec.DecodeError as fault:
        return unreadable("syntax", f"no whole JSON: {fault}", path, "look whether the report was cut short")
    except (RecursionError, UnicodeDecodeError) as fault:
        reason = "nested too deep" if isinstance(fault, RecursionError) else "no UTF-8"
        return unreadable("syntax", reason, path)
