"""What every view is drawn with: the summary, the index of releases, the calendar and the diagrams as they came out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from generator.evidence.folding import Folds
from generator.evidence.samples import samples
from generator.site.components.histories import Histories, Read, told_times
from generator.site.measured import measured
from generator.site.names import anchor, component_page, deployment_place, release_page
from generator.site.objects import Objects
from generator.site.record_index import by_deployment
from generator.site.texts import gettext as _
from generator.site.words import Calendar, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.packs import ComponentRecord
    from generator.evidence.reading import Evidence
    from generator.evidence.samples import Samples
    from generator.evidence.summary import EnvironmentSummary, Summary
    from generator.site.components.histories import History
    from generator.site.diagrams import DiagramResult
    from generator.site.index import Index, Release
    from generator.site.measured import Measured

Made = TypeVar("Made")


@dataclass(frozen=True)
class Context:
    """One report, ready to be drawn."""

    evidence: Evidence
    components: Mapping[str, ComponentRecord]
    index: Index
    calendar: Calendar
    drawn: Mapping[str, DiagramResult]
    """What became of each requested diagram, by its name."""
    kept: tuple[tuple[int, str], ...] = ()
    """Earlier bundles in the archive of the site, see `SiteSettings.kept`."""
    kept_folds: Folds | None = None
    """What goes on from the former report; see `folds`."""

    def once(self, make: Callable[[Context], Made]) -> Made:
        """Return what `make` gives for this report, made when it is first asked for: several pages share it."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])

    @cached_property
    def _made(self) -> dict[object, object]:
        return {}

    @cached_property
    def folds(self) -> Folds:
        """What is gathered from deployments, one by one: begun anew where nothing was kept."""
        return self.kept_folds if self.kept_folds is not None else Folds(self.evidence)

    @property
    def summary(self) -> Summary:
        """The report in one record."""
        return self.evidence.summary

    @cached_property
    def dates(self) -> Calendar:
        """Times without their age, for pages of what is past: one more report is no reason to write them anew."""
        return Calendar("")

    @cached_property
    def productions(self) -> tuple[EnvironmentSummary, ...]:
        """The production environments, in the order of promotion."""
        return tuple(environment for environment in self.summary.environments if environment.production)

    @cached_property
    def from_production(self) -> tuple[EnvironmentSummary, ...]:
        """All environments, production first, then against the order of promotion."""
        backwards = self.summary.environments[::-1]
        return tuple(sorted(backwards, key=lambda environment: not environment.production))

    @cached_property
    def environments(self) -> Mapping[str, EnvironmentSummary]:
        """Every environment by its name."""
        return {environment.name: environment for environment in self.summary.environments}

    @cached_property
    def objects(self) -> Objects:
        """Gates, results and triage verdicts by their digests."""
        return Objects(self.evidence.folder)

    @cached_property
    def records(self) -> Mapping[str, tuple[RecordLine, ...]]:
        """What pipelines and incident tools tell, by deployment."""
        return by_deployment(self.evidence)

    @cached_property
    def measured(self) -> Measured:
        """The measures of all environments."""
        return measured(self.evidence.metrics(), self.summary.metrics.small)

    @cached_property
    def samples(self) -> Mapping[str, Samples]:
        """The single cases behind the measures, by environment."""
        return samples(self.evidence, self.folds)

    @cached_property
    def upstreams(self) -> Mapping[str, str]:
        """Name of the upstream of each environment; empty for the first."""
        return {environment.name: environment.upstream for environment in self.summary.environments}

    @cached_property
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.summary.rules)

    def rule_anchor(self, rule: str) -> str:
        """Return the anchor of a rule's help; empty where the report holds none."""
        return anchor(rule) if rule in self._rules else ""

    def release_name(self, row: Release) -> str:
        """Return what a release is called, by its tag where it has one: with its environment only where needed."""
        return self.called(row.environment, row.sequence, row.tags)

    def called(self, environment: str, sequence: int, tags: tuple[str, ...]) -> str:
        """Return what the release of `environment` with this number and these tags is called, see `release_name`."""
        name = shown(", ".join(tags)) if tags else str(sequence)
        if len(self.productions) > 1:
            return _("Release %(name)s of %(environment)s", name=name, environment=shown(environment))
        return _("Release %(name)s", name=name)

    @cached_property
    def component_kinds(self) -> Mapping[str, str]:
        """Kind of all that was ever a component, by id. Each has a page; resources and exposures have none."""
        return {record.id: record.kind for record in self.components.values() if record.role == "component"}

    @property
    def component_pages(self) -> AbstractSet[str]:
        """Ids of the components that have a page."""
        return self.component_kinds.keys()

    @cached_property
    def told_times(self) -> Mapping[str, int]:
        """When deployments (by id) finished, where records of pipelines tell it; seconds since 1970."""
        return told_times(self.records, self.summary.as_of)

    @cached_property
    def histories(self) -> Mapping[str, History]:
        """Which version of each component stood where, from when to when."""

        def begin(before: Read | None) -> Histories:
            return Histories(self.component_kinds.keys(), self.told_times, before)

        environments = [environment.name for environment in self.summary.environments]
        return self.folds.bring("histories", Read, begin).histories(environments)

    def component_link(self, identity: str) -> str:
        """Return the page of a component; empty where it has none."""
        return component_page(identity) if identity in self.component_kinds else ""

    @cached_property
    def _links(self) -> dict[str, tuple[str, str]]:
        return {}

    def deployment_link(self, identity: str) -> tuple[str, str]:
        """Return page and name of a deployment: outside of production its place in the list of its environment.

        The page is empty where no environment of the report has such a deployment.
        """
        link = self._links.get(identity)
        if link is None:
            link = self._links[identity] = self._link(identity)
        return link

    def _link(self, identity: str) -> tuple[str, str]:
        position = self.index.position.get(identity)
        if position is None:
            known = identity.rpartition("-")[0] in self.environments
            return deployment_place(identity) if known else "", shown(identity)
        return release_page(identity), self.release_name(self.index.releases[position])
