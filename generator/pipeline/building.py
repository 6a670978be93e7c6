"""From a repository to its site: evidence first, then pages from the evidence alone."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place
from generator.pipeline.gathering import gather
from generator.pipeline.look import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from generator.pipeline.request import Outcome, Progress, Request
    from generator.site.settings import SiteSettings


def build(
    request: Request,
    output: Path,
    progress: Progress,
    clock: Callable[[], float],
    *,
    settings: SiteSettings | None = None,
    language: str = "",
    dot: Sequence[str] | None = None,
) -> Outcome:
    """Read the history that `request` names and put its site at `output`; an older site stays whole until then.

    What `settings` and `language` leave open, the configuration says. `clock` gives seconds and reaches no page. Raises
    what `gather` and `build_site` raise.
    """
    # Imported here, so that reading a history alone never waits for the site's engines.
    from generator.site.build import build_site  # noqa: PLC0415
    from generator.site.settings import PLAIN  # noqa: PLC0415

    begin = clock()
    with _beside(output) as work:
        evidence = work / "evidence"
        outcome = gather(request, evidence, progress)
        gathered = clock()
        progress.stage("site", str(output))
        own = settled(outcome.look, settings or PLAIN, language, work / "look")
        report = build_site(evidence, output, settings=own, jobs=os.cpu_count() or 1, dot=dot, clock=clock)
    seconds = {"evidence": gathered - begin, **{f"site {name}": value for name, value in report.seconds.items()}}
    return replace(outcome, seconds=seconds, pages=dict(report.pages), diagrams=dict(report.diagrams))


def _runs(process: int) -> bool:
    """Return whether another process of this number runs; what this one finds under its own was left by a former."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """Make a folder on the same disk as `output`, and remove it afterwards."""
    output = output.absolute()
    folder = output.with_name(f".{output.name}.evidence-{os.getpid()}")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        for remains in output.parent.iterdir():
            start, _, process = remains.name.rpartition("-")
            if start == f".{output.name}.evidence" and process.isdigit() and not _runs(int(process)):
                shutil.rmtree(remains, ignore_errors=True)
        folder.mkdir()
        yield folder
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(output))) from fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)
