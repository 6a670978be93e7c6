"""From a repository to its site: evidence first, then pages from the evidence alone."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from generator.errors import FaultError, Place
from generator.pipeline.gathering import gather
from generator.pipeline.keeping import archive_of
from generator.pipeline.look import settled
from generator.pipeline.signing import sign_evidence, sign_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from generator.pipeline.request import Outcome, Progress, Request
    from generator.site.build import SiteReport
    from generator.site.settings import SiteSettings

KEPT = "pages"
"""Folder of the cache that keeps what pages were drawn from."""
MANY = 200_000
"""Bytes of what is kept of pages, some two thousand, from which on their links are worth a process of its own."""


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
    what `gather`, `sign_evidence` and `build_site` raise.
    """
    # Imported here, so that reading a history alone never waits for the site's engines.
    from generator.site.linking import Stock  # noqa: PLC0415

    begin = clock()
    with _beside(output) as work, Stock(*_stocked(request, output, work)) as stock:
        evidence = work / "evidence"
        outcome = gather(replace(request, goes_on=True), evidence, progress, _load)
        seal = None
        if request.signing is not None:
            progress.stage("sign")
            sign_evidence(evidence, request.signing, request.previous, evidence)
            seal = partial(sign_site, signing=request.signing)
        gathered = clock()
        build_site, plain = _load()
        progress.stage("site", str(output))
        archive = archive_of(evidence, request.previous, request.keep, outcome.summary.as_of)
        own = settled(outcome.look, settings or plain, language, work / "look")
        own = msgspec.structs.replace(own, kept=tuple(archive.bundles))
        jobs = os.cpu_count() or 1
        report = build_site(
            evidence,
            output,
            settings=own,
            jobs=jobs,
            dot=dot,
            clock=clock,
            lay=archive.lay,
            seal=seal,
            memory=_memory(request, outcome, own),
            ours=True,
            stock=stock,
        )
    seconds = {"evidence": gathered - begin, **{f"site {name}": value for name, value in report.seconds.items()}}
    pages, diagrams = dict(report.pages), dict(report.diagrams)
    return replace(outcome, seconds=seconds, pages=pages, carried=report.carried, diagrams=diagrams)


def _load() -> tuple[Callable[..., SiteReport], SiteSettings]:
    """Return what builds a site, and the settings of a plain one: it is loaded here, and costs nobody else time."""
    from generator.site.build import build_site  # noqa: PLC0415
    from generator.site.settings import PLAIN  # noqa: PLC0415

    return build_site, PLAIN


def _stocked(request: Request, output: Path, work: Path) -> tuple[Path | None, Path | None]:
    """Return the former site, and the folder for links to its pages, where there are many of which most may come over.

    That is foretold by what is kept of any site's pages; which are of this one is known later.
    """
    if request.cache is None:
        return None, None
    try:
        many = any(path.stat().st_size >= MANY for path in (request.cache / KEPT).iterdir() if path.suffix == ".keys")
    except OSError:
        # A cache that is not there, or is not ours to read, keeps nothing.
        many = False
    if not many:
        return None, None
    return output.absolute(), work / "stock"


def _memory(request: Request, outcome: Outcome, settings: SiteSettings) -> Path | None:
    """Return the file in which it is kept what the pages of this site were drawn from; `None` where nothing is kept."""
    if request.cache is None:
        return None
    name = hashlib.sha256(f"{outcome.summary.title}\0{settings.language}\0{settings.url}".encode()).hexdigest()[:40]
    return request.cache / KEPT / f"{name}.keys"


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
