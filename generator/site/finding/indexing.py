"""The index of Find, gathered deployment by deployment.

Entries are numbered as they come, so that what is told of a deployment stays as it was told. So are components: where
each stands among the names of all of them is told by the directory.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.folding import NotKept
from generator.site.finding.entries import SHARD, Entries, Versions
from generator.site.finding.gathering import KINDS, Terms, id_term
from generator.site.finding.packing import cell, literal, packed
from generator.site.finding.places import page_of, page_pattern
from generator.site.finding.shards import first_of, script, sorted_name, spread
from generator.site.finding.terms import terms, version_terms
from generator.site.names import PART
from generator.site.words import shown
from generator.site.words import version as version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

FOLDER = "assets/find"
DIRECTORY = "directory"
MOST_COMPONENTS = 60
"""Components and versions of one deployment that it is found by: a bulk of a thousand says nothing of one of them."""
LONGEST_SUBJECT = 120
COMPONENT, VERSION, RELEASE, DEPLOYMENT = range(len(KINDS))
SETTLING = (RELEASE, DEPLOYMENT)
"""Kinds of which an entry never changes."""
WORDS, IDS = "t", "i"
_DIGEST = sha256().digest_size


class IndexState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The index as it stands."""

    kinds: tuple[str, ...] = ()
    """Kinds of deployments as they first came."""
    components: tuple[str, ...] = ()
    """Ids, in the order of their numbers."""
    counts: tuple[int, ...] = (0,) * len(SETTLING)
    held: tuple[tuple[str, ...], ...] = ((),) * len(SETTLING)
    """Entries of the shards that are not full yet."""
    settled: tuple[bytes, ...] = (b"",) * len(SETTLING)
    """SHA-256 of each full shard, one after the other."""
    versions: tuple[str, ...] = ()
    version_shards: tuple[bytes, ...] = ()
    words: tuple[bytes, ...] = ()
    """The scripts with all terms, as they are in the site."""
    ids: tuple[bytes, ...] = ()


class FindIndex:
    """Takes deployments in. Full shards of entries are in the site at once, all else once it is closed."""

    def __init__(self, context: Context, site: Path, state: IndexState) -> None:
        """Go on where `state` stands, with what the former site has of it; raises `NotKept` where it hasn't."""
        self._context, self._folder = context, site / FOLDER
        every = context.summary.environments
        self._numbers = {environment.name: number for number, environment in enumerate(every)}
        self._production = {environment.name: environment.production for environment in every}
        self._patterns = {name: page_pattern(name, production=held) for name, held in self._production.items()}
        self._kinds = {kind: number for number, kind in enumerate(state.kinds)}
        self._components = {identity: number for number, identity in enumerate(state.components)}
        self._settled = {KINDS[kind][0]: bytearray(held) for kind, held in zip(SETTLING, state.settled, strict=True)}
        self._entries = {
            kind: Entries(KINDS[kind][0], self._settle, count, held)
            for kind, count, held in zip(SETTLING, state.counts, state.held, strict=True)
        }
        self._versions = Versions(KINDS[VERSION][0], state.versions, state.version_shards)
        self._shards: dict[str, Sequence[bytes]] = {WORDS: state.words, IDS: state.ids}
        self._terms = {WORDS: Terms(), IDS: Terms()}
        self._carry_settled()

    def take(self, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        production = self._production[record.environment]
        kind = RELEASE if production else DEPLOYMENT
        number = self._entries[kind].add(self._line(record, production=production))
        commit = record.commit
        ids = chain.from_iterable(map(id_term, (commit.id, commit.deployed, record.digest)))
        self._terms[IDS].add(kind, number, ids)
        found = chain(
            (str(record.sequence),),
            terms(record.environment),
            terms(commit.subject),
            *(version_terms(tag) for tag in commit.tags),
            self._moved(record),
        )
        self._terms[WORDS].add(kind, number, found)

    def state(self) -> IndexState:
        """Return how it stands."""
        self._sort_in()
        entries = [self._entries[kind] for kind in SETTLING]
        return IndexState(
            tuple(self._kinds),
            tuple(self._components),
            tuple(one.count for one in entries),
            tuple(tuple(one.held) for one in entries),
            tuple(bytes(held) for held in self._settled.values()),
            tuple(self._versions.keys()),
            tuple(self._versions.shards()),
            tuple(self._shards[WORDS]),
            tuple(self._shards[IDS]),
        )

    def close(self) -> None:
        """Write what was gathered and is not in the site yet."""
        self._sort_in()
        components = dict(self._components)
        late = Terms()
        # What is in topologies and came with no change gets its number last, each time anew.
        for identity in sorted(self._context.component_pages - components.keys()):
            components[identity] = len(components)
            late.add(COMPONENT, components[identity], terms(identity))
        words = (
            spread(WORDS, self._shards[WORDS], late) if len(components) > len(self._components) else self._shards[WORDS]
        )
        lists = {"words": self._write_sorted(WORDS, words), "ids": self._write_sorted(IDS, self._shards[IDS])}
        self._write_components(tuple(components))
        for at, made in enumerate(self._versions.shards()):
            self._write(self._versions.shard_name(at), made)
        for kind in SETTLING:
            for name, made in self._entries[kind].rest():
                self._write(name, made)
        ranks = {identity: rank for rank, identity in enumerate(sorted(components))}
        directory = {
            "environments": [[shown(name), int(held), self._patterns[name]] for name, held in self._production.items()],
            "part": PART,
            "kinds": list(self._kinds),
            "counts": [len(components), len(self._versions), *(self._entries[kind].count for kind in SETTLING)],
            "shard": SHARD,
            "ranks": packed(ranks[identity] for identity in components),
            **lists,
        }
        self._write(DIRECTORY, f"globalThis.assayFind={literal(directory)};\n".encode("ascii"))

    def _carry_settled(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for letter, held in self._settled.items():
            for at in range(0, len(held), _DIGEST):
                path = f"{FOLDER}/{letter}{at // _DIGEST}.js"
                if not self._carry(path, bytes(held[at : at + _DIGEST])):
                    raise NotKept(path)

    def _carry(self, path: str, digest: bytes) -> bool:
        return self._context.folds.carry(path, digest, self._folder.parent.parent / path)

    def _settle(self, name: str, made: bytes) -> None:
        self._settled[name[0]] += self._write(name, made)

    def _write(self, name: str, made: bytes) -> bytes:
        """Put a script into the site, from the former one where that has it; return its SHA-256."""
        path, digest = f"{FOLDER}/{name}.js", sha256(made).digest()
        if not self._carry(path, digest):
            target = self._folder / f"{name}.js"
            target.write_bytes(made)
            self._context.folds.note(path, digest, target)
        return digest

    def _write_sorted(self, letter: str, shards: Sequence[bytes]) -> list[list[str]]:
        """Write the list `letter`; return the first term of each shard, and what each is called."""
        firsts = [first_of(made) for made in shards]
        names = [sorted_name(letter, first) for first in firsts]
        for name, made in zip(names, shards, strict=True):
            self._write(name, made)
        return [firsts, names]

    def _write_components(self, identities: Sequence[str]) -> None:
        lines = [f"{cell(shown(identity))}\t{self._context.component_link(identity)}" for identity in identities]
        for at in range(0, len(lines), SHARD):
            name = f"{KINDS[COMPONENT][0]}{at // SHARD}"
            self._write(name, script(name, lines[at : at + SHARD]))

    def _sort_in(self) -> None:
        for letter, gathered in self._terms.items():
            self._shards[letter] = spread(letter, self._shards[letter], gathered)
            self._terms[letter] = Terms()

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
            number = self._components[identity] = len(self._components)
            self._terms[WORDS].add(COMPONENT, number, terms(identity))
        return number

    def _version(self, component: int, identity: str, version: str, record: DeploymentRecord) -> None:
        environment = self._numbers[record.environment]
        number = self._versions.add(component, version, cell(shown(version)), environment, record.sequence)
        if number is not None:
            self._terms[WORDS].add(VERSION, number, chain(terms(identity), version_terms(version)))
