"""A report between its evidence and an engine: drawn with, and set into whichever site the engine makes."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.evidence.folding import Folds
from generator.site.carrying import Carrying, Grounds
from generator.site.chart_data import set_apart
from generator.site.chart_embed import leave_out_unused, rendered_pages
from generator.site.completion import Completion
from generator.site.context import Context
from generator.site.diagram_result import DIAGRAMS
from generator.site.diagrams import Diagrams
from generator.site.extras import write_extras
from generator.site.index import build_index
from generator.site.mass import mass_pages, reached_since
from generator.site.next_release.graph import request_next
from generator.site.page_keys import standing
from generator.site.page_records import records_digest
from generator.site.parts import page_parts, part_headings
from generator.site.sources import template_folders
from generator.site.takeaway.downloads import tell_sizes
from generator.site.takeaway.preview import introduced
from generator.site.templating import Templates
from generator.site.trends_view import trend_pages
from generator.site.words import Calendar

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from generator.evidence.reading import Evidence
    from generator.site.frames import MassPage
    from generator.site.plugin import Filler
    from generator.site.settings import SiteSettings


@dataclass(slots=True)
class Stages:
    """How long each stage of a build took, by the clock given."""

    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block in with the stage `name`."""
        start = self.clock()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + self.clock() - start


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is ready to be set into pages."""

    context: Context
    templates: Templates
    settings: SiteSettings
    drawn_in: Path
    """Folder that holds the diagrams; absent where there are none."""

    def filler(self) -> Filler:
        """Return what fills the placeholders of hand-written pages."""
        # Imported here: MkDocs takes a while to load, and a draft alone needs nothing of it.
        from generator.site.plugin import Filler  # noqa: PLC0415

        return Filler(page_parts(self.context, self.templates), part_headings(self.context))

    def last_pages(self) -> Iterator[MassPage]:
        """Yield the mass pages that share what is drawn for pages of the navigation: those are drawn first."""
        return trend_pages(self.context, self.templates)

    def complete(
        self,
        site: Path,
        site_url: str,
        folder: str = "",
        carrying: Carrying | None = None,
        late: AbstractContextManager[Callable[[], Iterable[MassPage]]] | None = None,
    ) -> Counter[str]:
        """Write what the engine does not make into the `site` that it made; return the number of pages by kind.

        `folder` (ending in `/`) is where the report stands in the site; its frames must be there. `carrying` brings
        pages of the former site that would come out as they are. Where what the report says is to be filled into other
        pages meanwhile, `late` begins with it, and gives what waits until it is done and returns the `last_pages`.
        """
        carrying = carrying if carrying is not None else Carrying()
        carrying.stand_on(*standing(self.context.summary, self.settings))
        rendered = rendered_pages(site / folder)
        completion = Completion(site, site_url, self.context.summary.as_of, folder, carrying)

        root = f"{site}/"

        def keep(path: str) -> bool:
            name = f"{folder}{path}"
            return carrying.keeps(name, root + name)

        found = mass_pages(self.context, self.templates, reached_since(self.context, carrying.grounds), keep)
        address = f"{site_url.rstrip('/')}/{folder}" if site_url else ""
        with late if late is not None else nullcontext(self.last_pages) as last:
            completion.write(introduced(found, self.context, address))
            carrying.sweep(site)
            tables = write_extras(self.context, site / folder, self.settings, carrying, folder)
            completion.write(last())
        completion.finish()
        leave_out_unused(site / folder, rendered)
        tell_sizes(site / folder, tables)
        for charted in ("*.html", "trends/*.html"):
            set_apart(site / folder, charted)
        return completion.counts

    def lay_diagrams(self, place: Path, *, keep: bool = False) -> None:
        """Move the diagrams to `place`, the root of the report in a site on the same disk; `keep` copies them."""
        if keep and self.drawn_in.is_dir():
            shutil.copytree(self.drawn_in, place / DIAGRAMS, copy_function=shutil.copyfile)
        elif self.drawn_in.is_dir():
            self.drawn_in.rename(place / DIAGRAMS)


def draft(  # noqa: PLR0913 - what makes a draft, and what is there of the former one
    bundle: Evidence,
    drawn_in: Path,
    settings: SiteSettings,
    *,
    jobs: int,
    dot: Sequence[str] | None,
    stages: Stages,
    folds: Folds | None = None,
    carrying: Carrying | None = None,
) -> Draft:
    """Read `bundle` once and draw its diagrams into the folder `drawn_in`; raises what they raise.

    `folds` say what goes on from the former report, `carrying` what comes over from its site; `None` for nothing.
    """
    folds = folds if folds is not None else Folds(bundle)
    carrying = carrying if carrying is not None else Carrying()
    told = records_digest(bundle)
    carrying.follow(folds, told)
    # Another engine that somebody names can change behind its name.
    diagrams = Diagrams(drawn_in, dot=dot, jobs=jobs, carrying=None if dot else carrying, base=folds.base)
    with stages.stage("index"):
        components = bundle.components()
        index = build_index(bundle, components, diagrams, folds)
        request_next(bundle, index, diagrams)
    with stages.stage("diagrams"):
        drawn = diagrams.render_all()
    context = Context(bundle, components, index, Calendar(bundle.summary.as_of), drawn, settings.kept, folds)
    linked = tuple(sorted(context.component_pages))
    carrying.lead(Grounds(index.lines, *folds.reach(), told, linked, diagrams.base, dict(drawn)))
    return Draft(context, Templates(template_folders(settings.overlays)), settings, drawn_in)
