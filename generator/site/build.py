"""From an evidence folder to a site, in one call."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.evidence.reading import Evidence
from generator.site.chart_embed import leave_out_unused
from generator.site.completion import write_mass_pages
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.engine import assay_plugin, load_configuration, run_mkdocs
from generator.site.extras import write_extras
from generator.site.index import build_index
from generator.site.mass import mass_pages
from generator.site.parts import page_parts, part_headings
from generator.site.publish import publication
from generator.site.settings import PLAIN
from generator.site.sources import lay_site_source, template_folders, text_folders
from generator.site.templating import Templates
from generator.site.texts import speaking
from generator.site.words import Calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from generator.site.settings import SiteSettings

DIAGRAMS = "assets/diagrams"


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build made."""

    pages: Mapping[str, int]
    """Number of pages by kind; `navigation` are those of MkDocs itself."""
    diagrams: Mapping[str, int]
    """Number of diagrams by what became of them."""
    seconds: Mapping[str, float]
    """Seconds by stage, in the order of the stages, by the clock given."""


@dataclass(slots=True)
class _Stages:
    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = self.clock()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + self.clock() - start


def build_site(
    evidence: Path,
    output: Path,
    *,
    settings: SiteSettings = PLAIN,
    jobs: int = 1,
    dot: Sequence[str] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> SiteReport:
    """Build the site of the evidence folder `evidence` at `output`, in the place of an older one.

    `settings` say how it looks. `jobs` is how many diagrams are laid out at a time, `dot` another layout engine's
    command. `clock` measures the stages and reaches no page. The old site stays whole until the new one is; raises
    `RefusedError` for evidence that can't be read, `UsageError` for settings that can't hold, `FaultError` where the
    machine fails.
    """
    stages = _Stages(clock)
    bundle = Evidence(evidence)
    templates = Templates(template_folders(settings.overlays))
    with speaking(settings.language, text_folders(settings.overlays)), publication(output) as work:
        diagrams = Diagrams(work / "diagrams", dot=dot, jobs=jobs)
        with stages.stage("index"):
            components = bundle.components()
            index = build_index(bundle, components, diagrams)
        with stages.stage("diagrams"):
            drawn = diagrams.render_all()
        context = Context(bundle, components, index, Calendar(bundle.summary.as_of), drawn)
        counts = _run_engine(context, templates, work, settings, stages)
        with stages.stage("evidence"):
            if (work / "diagrams").is_dir():
                (work / "diagrams").rename(work / "site" / DIAGRAMS)
            shutil.copytree(evidence, work / "site" / "evidence", copy_function=shutil.copyfile)
    states = [result.state for result in drawn.values()]
    return SiteReport(
        dict(sorted(counts.items())), {state: states.count(state) for state in sorted(set(states))}, stages.seconds
    )


def _run_engine(
    context: Context, templates: Templates, work: Path, settings: SiteSettings, stages: _Stages
) -> Counter[str]:
    site = work / "site"
    lay_site_source(settings.overlays, work / "source", settings.language)
    counts: Counter[str] = Counter()

    def finish(config: MkDocsConfig) -> None:
        leave_out_unused(site)
        with stages.stage("pages"):
            pages = mass_pages(context, templates)
            counts.update(write_mass_pages(site, pages, config.site_url or "", context.summary.as_of))
            write_extras(context, site, settings)

    with stages.stage("frames"):
        config = load_configuration(work / "source", site, context.summary, settings)
        assay_plugin(config).attach(page_parts(context, templates), part_headings(context), finish)
        run_mkdocs(config, context.summary.as_of)
    stages.seconds["frames"] -= stages.seconds["pages"]
    counts["navigation"] = sum(1 for _ in site.rglob("*.html")) - sum(counts.values())
    return counts
