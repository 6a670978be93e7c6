"""The demo's site, built under everything that may differ between machines: the same bytes, or which one is not.

`python -m reproducible.run [WORDS...]` with `tests` on the path; WORDS choose variations by a part of their name.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
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


def try_all(repository: Path, folder: Path, variations: Sequence[Variation], say: Callable[[str], object]) -> int:
    """Build the site of `repository` under each variation; return how many gave other bytes."""
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


def try_chain(repository: Path, folder: Path, say: Callable[[str], object]) -> int:
    """Build a chain of three bundles, all of them kept, here and on a machine where everything is otherwise."""
    first = build(_chained(standing(repository, folder / "chain")))
    found = compared(first, _chained(standing(repository, folder / "other chain")), all_together())
    say(f"{'DIFFERS' if found else 'same bytes':11} a chain of three bundles, all together")
    for line in found:
        say(f"    {line}")
    return bool(found)


def _chained(machine: Machine) -> Machine:
    return replace(machine, refs=("main~20", "main~10", "main"), options=(*machine.options, "--keep", "all"))


def main(words: Sequence[str]) -> int:
    """Try the variations that `words` choose, or all of them, everything at once, and a chain; return an exit code."""
    every = (*VARIATIONS, all_together())
    chosen = [v for v in every if not words or any(word in v.name for word in words)]
    if not chosen:
        _say(f"no variation is called so; there are: {', '.join(v.name for v in every)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="assay-reproducible-") as folder:
        Path(folder).chmod(0o755)
        repository = sample(Path(folder))
        wrong = try_all(repository, Path(folder), chosen, _say)
        wrong += 0 if words else try_chain(repository, Path(folder), _say)
    _say(f"{wrong} of {len(chosen) + (not words)} variations gave other bytes")
    return 1 if wrong else 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what a person asked for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
