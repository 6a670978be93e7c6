"""Python's cycle collector, slowed down while a history is read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

YOUNG = 200_000
"""New containers between two looks at the young ones. A history makes millions of values that live to the end and no
cycles, so at the default of 700 a seventh of the time went into looking at the same values again."""


@contextmanager
def no_collector() -> Iterator[None]:
    """Collect nothing inside the block, which makes nothing but values that stay."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            if not gc.get_freeze_count():
                # What was made is all new to the collector, which would look at it at once: now it counts as old.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@contextmanager
def slow_collector() -> Iterator[None]:
    """Collect rarely inside the block, and as before after it."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
