"""The index of Find, written beside the pages: from the evidence, in one pass, in shards that are loaded on demand."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from generator.site.finding.gathering import KINDS, Ids, Terms
from generator.site.finding.packing import cell, literal
from generator.site.finding.shards import Entries, write_sorted
from generator.site.finding.terms import terms, version_terms
from generator.site.names import PART, component_page, deployment_place, release_page
from generator.site.words import shown
from generator.site.words import version as version_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

FOLDER = "assets/find"
DIRECTORY = "directory"
SHARD = 64
"""Entries of a shard: what a page loads to show one of them."""
MOST_COMPONENTS = 60
"""Components and versions of one deployment that it is found by: a bulk of a thousand says nothing of one of them."""
LONGEST_SUBJECT = 120
COMPONENT, VERSION, RELEASE, DEPLOYMENT = range(len(KINDS))
PLAIN = 10**9
"""A number longer than any deployment's, to try the name of a page with."""


def write_find(context: Context, site: Path) -> None:
    """Write the index of everything that can be found into `site`."""
    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    work = _Index(context, folder)
    for record in context.evidence.deployments():
        if record.environment in context.environments:
            work.take(record)
    work.close()


def page_pattern(environment: str, *, production: bool) -> str:
    """Return how the pages of an environment's deployments are named, with `{n}` for the number and `{p}` for its part.

    Empty where the environment's name is none for a page: each page then has a name of its own.
    """
    pattern = f"environments/part-{{p}}-{environment}.html#{environment}-{{n}}"
    if production:
        pattern = f"releases/{environment}-{{n}}.html"
    expected = pattern.replace("{n}", str(PLAIN)).replace("{p}", str((PLAIN - 1) // PART + 1))
    return pattern if page_of(f"{environment}-{PLAIN}", production=production) == expected else ""


def page_of(identity: str, *, production: bool) -> str:
    """Return where a deployment can be looked at."""
    return release_page(identity) if production else deployment_place(identity)


class _Index:
    """What was gathered so far."""

    def __init__(self, context: Context, folder: Path) -> None:
        self._context, self._folder = context, folder
        self._terms, self._ids = Terms(), Ids()
        self._entries = tuple(Entries(folder, kind[0], SHARD) for kind in KINDS)
        every = context.summary.environments
        self._numbers = {environment.name: number for number, environment in enumerate(every)}
        self._production = {environment.name: environment.production for environment in every}
        self._patterns = {name: page_pattern(name, production=held) for name, held in self._production.items()}
        self._kinds: dict[str, int] = {}
        self._components: dict[str, int] = {}
        # By component and version: its number and, for each environment, the number of its first deployment there.
        self._versions: dict[tuple[int, str], list[tuple[int, int]]] = {}
        for identity in sorted({record.id for record in context.components.values()}):
            if context.component_link(identity):
                self._component(identity)

    def take(self, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        production = self._production[record.environment]
        kind = RELEASE if production else DEPLOYMENT
        number = self._entries[kind].add(self._line(record, production=production))
        self._ids.add(record.commit.id, kind, number)
        self._ids.add(record.commit.deployed, kind, number)
        self._ids.add(record.digest, kind, number)
        found = chain(
            (str(record.sequence),),
            terms(record.environment),
            terms(record.commit.subject),
            *(version_terms(tag) for tag in record.commit.tags),
            self._moved(record),
        )
        self._terms.add(kind, number, found)

    def close(self) -> None:
        """Write what was gathered."""
        for (component, version), firsts in self._versions.items():
            places = " ".join(f"{environment}:{sequence}" for environment, sequence in firsts)
            self._entries[VERSION].add(f"{component}\t{cell(shown(version))}\t{places}")
        for entries in self._entries:
            entries.close()
        directory = {
            "environments": [[shown(name), int(held), self._patterns[name]] for name, held in self._production.items()],
            "part": PART,
            "kinds": list(self._kinds),
            "counts": [entries.count for entries in self._entries],
            "shard": SHARD,
            "words": write_sorted(self._folder, "t", self._terms.lines()),
            "ids": write_sorted(self._folder, "i", self._ids.lines()),
        }
        text = f"globalThis.assayFind={literal(directory)};\n"
        (self._folder / f"{DIRECTORY}.js").write_text(text, "ascii")

    def _line(self, record: DeploymentRecord, *, production: bool) -> str:
        kind = self._kinds.setdefault(record.kind, len(self._kinds))
        page = "" if self._patterns[record.environment] else page_of(record.id, production=production)
        subject = cell(shown(record.commit.subject))
        if len(subject) > LONGEST_SUBJECT:
            subject = subject[: LONGEST_SUBJECT - 1] + "…"
        tags = cell(shown(", ".join(record.commit.tags)))
        first = (self._numbers[record.environment], record.sequence, record.commit.committed_at, kind)
        return "\t".join((*map(str, first), record.commit.id[:12], subject, tags, page))

    def _moved(self, record: DeploymentRecord) -> Iterator[str]:
        """Yield what a deployment is found by of what it changed; note the components and versions."""
        changed: set[str] = set()
        for change in record.changes:
            if change.field == "connection":
                continue
            component = self._component(change.component)
            if len(changed) < MOST_COMPONENTS and change.component not in changed:
                changed.add(change.component)
                yield from terms(change.component)
            if change.aspect == "artifact" and change.new:
                version = version_of(change.new)
                self._version(component, change.component, version, record)
                if change.component in changed:
                    yield from version_terms(version)

    def _component(self, identity: str) -> int:
        number = self._components.get(identity)
        if number is None:
            page = component_page(identity) if self._context.component_link(identity) else ""
            number = self._entries[COMPONENT].add(f"{cell(shown(identity))}\t{page}")
            self._components[identity] = number
            self._terms.add(COMPONENT, number, terms(identity))
        return number

    def _version(self, component: int, identity: str, version: str, record: DeploymentRecord) -> None:
        firsts = self._versions.get((component, version))
        environment = self._numbers[record.environment]
        if firsts is None:
            number = len(self._versions)
            firsts = self._versions[component, version] = []
            self._terms.add(VERSION, number, chain(terms(identity), version_terms(version)))
        if all(environment != known for known, _sequence in firsts):
            firsts.append((environment, record.sequence))
