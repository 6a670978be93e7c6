"""The demo's site, built under everything that may differ between machines: the same bytes, or which one is not.

`python -m reproducible.run [WORDS...]` with `tests` on the path; WORDS choose variations by a part of their name.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reproducible.comparing import differences, looked_into
from reproducible.machines import FailedBuildError, build, standing
from reproducible.sample import sample
from reproducible.variations import VARIATIONS, all_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reproducible.comparing import Difference
    from reproducible.machines import Machine
    from reproducible.variations import Variation

_SHOWN = 20
"""Files that are named of one variation."""


def compared(first: Path, machine: Machine, variation: Variation) -> list[str]:
    """Build on `machine` with one thing changed; return what differs from the site `first`, a line each."""
    try:
        other = build(variation.change(machine))
    except FailedBuildError as fault:
        return [f"no site: {fault}"]
    found = differences(first, other)
    lines = [line for difference in found[:_SHOWN] for line in _told(first, other, difference)]
    return [*lines, f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else lines


def _told(first: Path, other: Path, difference: Difference) -> Iterator[str]:
    yield from str(difference).splitlines()
    yield from looked_into(first, other, difference)


def try_all(folder: Path, variations: Sequence[Variation], say: Callable[[str], object]) -> int:
    """Build the sample under each variation; return how many gave other bytes."""
    repository = sample(folder)
    first = build(standing(repository, folder / "first"))
    files = sum(1 for path in first.rglob("*") if path.is_file())
    say(f"{files} files of the demo's site, built again under {len(variations)} variations")
    wrong = 0
    for number, variation in enumerate(variations, 1):
        missing = variation.missing()
        if missing:
            say(f"not tried   {variation.name}: {missing}")
            continue
        place = folder / str(number)
        found = compared(first, standing(repository, place), variation)
        wrong += bool(found)
        say(f"{'DIFFERS' if found else 'same bytes':11} {variation.name}")
        for line in found:
            say(f"    {line}")
        shutil.rmtree(place, ignore_errors=True)
    return wrong


def main(words: Sequence[str]) -> int:
    """Try the variations that `words` choose, or all of them and everything at once; return an exit code."""
    every = (*VARIATIONS, all_together())
    chosen = [v for v in every if not words or any(word in v.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="assay-reproducible-") as folder:
        Path(folder).chmod(0o755)
        wrong = try_all(Path(folder), chosen, lambda line: print(line, flush=True))
    print(f"{wrong} of {len(chosen)} variations gave other bytes")
    return 1 if wrong or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
