"""Another machine, for a process that finds this module on its path: its clock, the order of its folders, its size.

Python imports it by its name before anything else runs. Each variable that is not set leaves its part as it is.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

CLOCK = "ASSAY_OTHER_CLOCK"
"""Seconds since 1970 UTC at which the process begins."""
ORDER = "ASSAY_OTHER_ORDER"
"""`reversed`, or the seed by which the entries of folders are shuffled."""
PROCESSORS = "ASSAY_OTHER_PROCESSORS"
"""Number of processors that the machine says it has."""


def _set_clock(begin: float) -> None:
    real_time = time.time
    shift = begin - real_time()

    def now() -> float:
        return real_time() + shift

    class AnyDatetime(type):
        """Takes what C code made for what it is."""

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

    class AnyDate(type):
        """The same for dates."""

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, date)

    class Datetime(datetime, metaclass=AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:  # noqa: ANN401 - the class that is replaced
            return datetime.fromtimestamp(now(), tz)

        @classmethod
        def utcnow(cls) -> Any:  # noqa: ANN401 - as above
            return datetime.fromtimestamp(now(), UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:  # noqa: ANN401 - as above
            return datetime.fromtimestamp(now())  # noqa: DTZ006 - what the method that is replaced does

    class Date(date, metaclass=AnyDate):
        @classmethod
        def today(cls) -> Any:  # noqa: ANN401 - as above
            return date.fromtimestamp(now())  # noqa: DTZ012 - as above

    real_gmtime, real_localtime, real_strftime = time.gmtime, time.localtime, time.strftime
    replaced: dict[str, Any] = {
        "time": now,
        "time_ns": lambda: int(now() * 1e9),
        "gmtime": lambda seconds=None: real_gmtime(now() if seconds is None else seconds),
        "localtime": lambda seconds=None: real_localtime(now() if seconds is None else seconds),
        "strftime": lambda form, moment=None: real_strftime(form, real_localtime(now()) if moment is None else moment),
    }
    vars(time).update(replaced)
    vars(dt).update({"datetime": Datetime, "date": Date})


class _Scan:
    """What `os.scandir` gives, in an order of its own."""

    def __init__(self, entries: list[os.DirEntry[Any]]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[Any]]:
        return self

    def __next__(self) -> os.DirEntry[Any]:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hold nothing that would have to be let go."""


def _set_order(order: str) -> None:
    real_listdir, real_scandir = os.listdir, os.scandir

    def ordered(found: list[Any], name: Any) -> list[Any]:  # noqa: ANN401 - names are texts or bytes
        found.sort(key=name, reverse=True)
        if order != "reversed":
            random.Random(order).shuffle(found)  # noqa: S311 - no secret
        return found

    def listdir(path: Any = ".") -> list[Any]:  # noqa: ANN401 - as the function that is replaced
        return ordered(real_listdir(path), lambda name: name)

    def scandir(path: Any = ".") -> _Scan:  # noqa: ANN401 - as above
        with real_scandir(path) as found:
            return _Scan(ordered(list(found), lambda entry: entry.name))

    vars(os).update({"listdir": listdir, "scandir": scandir})


def _set_processors(count: int) -> None:
    vars(os)["cpu_count"] = lambda: count
    if hasattr(os, "sched_setaffinity") and count == 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


if os.environ.get(CLOCK):
    _set_clock(float(os.environ[CLOCK]))
if os.environ.get(ORDER):
    _set_order(os.environ[ORDER])
if os.environ.get(PROCESSORS):
    _set_processors(int(os.environ[PROCESSORS]))
