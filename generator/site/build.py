"""From an evidence folder to a site, in one call."""

from __future__ import annotations

import hashlib
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

from generator.evidence.beside import Beside
from generator.evidence.folding import Folds
from generator.evidence.reading import Evidence
from generator.site.carrying import Carrying
from generator.site.completion import FOLDERS, write_search_script
from generator.site.draft import Stages, draft
from generator.site.engine import imprint
from generator.site.filling import Filled, filled
from generator.site.linker import link
from generator.site.marks import FOOT, RECORD, Told
from generator.site.page_keys import standing
from generator.site.page_records import page_records
from generator.site.parts import page_parts, part_headings
from generator.site.publish import publication
from generator.site.settings import PLAIN
from generator.site.site_manifest import write_site_manifest
from generator.site.skeleton import Skeleton, UnfitError
from generator.site.sources import text_folders
from generator.site.texts import speaking

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.site.draft import Draft
    from generator.site.frames import MassPage
    from generator.site.linking import Stock
    from generator.site.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build made."""

    pages: Mapping[str, int]
    """Number of pages by kind; `navigation` are those of MkDocs itself."""
    carried: int
    """Number of pages that came over from the former site as they were."""
    diagrams: Mapping[str, int]
    """Number of diagrams by what became of them."""
    seconds: Mapping[str, float]
    """Seconds by stage, in the order of the stages, by the clock given."""


def build_site(  # noqa: PLR0913 - what makes a site, and what is done to it before it is published
    evidence: Path,
    output: Path,
    *,
    settings: SiteSettings = PLAIN,
    jobs: int = 1,
    dot: Sequence[str] | None = None,
    clock: Callable[[], float] = time.perf_counter,
    lay: Callable[[Path], object] | None = None,
    seal: Callable[[Path], object] | None = None,
    memory: Path | None = None,
    ours: bool = False,
    stock: Stock | None = None,
) -> SiteReport:
    """Build the site of the evidence folder `evidence` at `output`, in the place of an older one.

    `settings` say how it looks. `jobs` is how many diagrams are laid out at a time, `dot` another layout engine's
    command. `clock` measures the stages and reaches no page. `lay` is called with the folder of the site before its
    files are listed, and may add to it; `seal` with that of the finished site, before it takes its place. `memory` is
    a file in which it is kept what pages were drawn from, so that the next build carries those over that would come out
    as they are; beside it stands what else the next report can go on with. `None` for making everything anew. `ours`
    says that nobody writes into `evidence` again: its files may then be linked rather than copied. `stock` has links to
    pages of the former site. The old site stays
    whole until the new one is; raises `RefusedError` for evidence that can't be read, `UsageError` for settings that
    can't hold, `FaultError` where the machine fails.
    """
    stages = Stages(clock)
    bundle = Evidence(evidence)
    with speaking(settings.language, text_folders(settings.overlays)), publication(output) as work:
        folds = _folds(bundle, settings, memory, output)
        carrying = Carrying(output, memory, stock)
        report = draft(
            bundle, work / "diagrams", settings, jobs=jobs, dot=dot, stages=stages, folds=folds, carrying=carrying
        )
        kept = memory.with_suffix(".frames") if memory is not None else None
        counts = _set_into_frames(report, work, stages, carrying, kept, jobs)
        with stages.stage("evidence"):
            report.lay_diagrams(work / "site")
            shutil.copytree(evidence, work / "site" / "evidence", copy_function=link if ours else shutil.copyfile)
            if lay is not None:
                lay(work / "site")
        with stages.stage("manifest"):
            known = {**folds.known, **carrying.known}
            named = write_site_manifest(work / "site", bundle.summary.version, known)
            carrying.keep(work / "site", named)
            report.context.folds.keep()
            if seal is not None:
                seal(work / "site")
    states = [result.state for result in report.context.drawn.values()]
    drawn: dict[str, int] = {state: states.count(state) for state in sorted(set(states))}
    carried = sum(name.endswith(".html") for name in carrying.known)
    return SiteReport(dict(sorted(counts.items())), carried, drawn, stages.seconds)


def _folds(bundle: Evidence, settings: SiteSettings, memory: Path | None, former: Path) -> Folds:
    base = b"".join(hashlib.sha256(part).digest() for part in standing(bundle.summary, settings))
    return Folds(bundle, memory.with_suffix(".folds") if memory is not None else None, base, former)


def _set_into_frames(
    report: Draft, work: Path, stages: Stages, carrying: Carrying, memory: Path | None, jobs: int
) -> Counter[str]:
    """Make the site of `report` but for its diagrams and its evidence; return the number of pages by kind."""
    site, summary = work / "site", report.context.summary
    with stages.stage("frames"):
        words = {FOOT: imprint(summary), RECORD: escape(report.context.once(page_records).summary())}
        told = Told(page_parts(report.context, report.templates), part_headings(report.context), words)
        skeleton = Skeleton(work / "source", site, report, told, memory)
        waits = skeleton.lay()
        navigation = sum(1 for _ in site.rglob("*.html")) - len(FOLDERS)
    with stages.stage("pages"):
        try:
            counts = _complete(report, site, skeleton, carrying, jobs if waits else 0)
        except UnfitError:
            # Rare: a page has got its first chart, or lost its last one.
            carrying.again()
            shutil.rmtree(site)
            skeleton.make()
            counts = _complete(report, site, skeleton, carrying, 0)
        write_search_script(site)
    counts["navigation"] = navigation
    return counts


def _complete(report: Draft, site: Path, skeleton: Skeleton, carrying: Carrying, jobs: int) -> Counter[str]:
    """Complete the `site`; what its frames wait for is filled in meanwhile by one of so many `jobs`, 0 for nothing."""
    late = _filling(report, skeleton, jobs) if jobs else None
    return report.complete(site, skeleton.address, carrying=carrying, late=late)


@contextmanager
def _filling(report: Draft, skeleton: Skeleton, jobs: int) -> Iterator[Callable[[], Iterable[MassPage]]]:
    """Begin to fill in what the frames of `skeleton` wait for; see `Draft.complete`. Raises `UnfitError`."""
    with Beside(lambda: filled(report, skeleton).encoded(), jobs) as copy:

        def last() -> Iterable[MassPage]:
            data = copy.result()
            done = Filled.decoded(data) if data is not None else filled(report, skeleton)
            if not done.fits:
                raise UnfitError
            report.context.folds.learn(done.learned)
            return done.mass_pages()

        yield last
