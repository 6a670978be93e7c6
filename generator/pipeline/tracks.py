"""The histories of a run: which environments share one, and in which order the steps of all of them come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import find, text
from generator.errors import Place, RefusedError, Unreadable
from generator.history.ordering import Ancestry, merged_order
from generator.timeline.bindings import Bindings

if TYPE_CHECKING:
    from generator.config.schema import Config, Environment
    from generator.history.commits import Chain
    from generator.history.repository import Repository
    from generator.history.tracks import PinTrack, Track

_Way = tuple[str, ...]
"""How a history is told: ("ref", REF), ("tags", PATTERN) or ("pin", REF, FILE, KEY); REF empty for the run's own."""


@dataclass(frozen=True)
class History:
    """One history, and the environments that stand in it."""

    track: Track
    environments: tuple[str, ...]
    bindings: Bindings
    head: str
    """Full id of its newest commit; empty where it has none."""
    refs: dict[str, str]
    """Names that led to it → full ids."""
    problems: dict[str, list[Unreadable]]
    """By the id of a step's commit: why it could not be followed."""
    targets: dict[str, str] = field(default_factory=dict)
    """By the id of a step's commit: full id of the commit whose files it deploys, where those are not its own."""


@dataclass(frozen=True)
class Histories:
    """Every history of a run."""

    all: tuple[History, ...]
    places: tuple[list[int], ...] | None
    """For each history the place of each of its steps among all; `None` where there is but one."""
    main: Chain
    """First-parent chain of the run's own ref, also where no environment stands in it."""


def histories(repository: Repository, config: Config, head: str, limit: int | None) -> Histories:
    """Return the histories that the environments of `config` stand in; `head` is the run's own newest commit.

    Raises `RefusedError` for a ref that names nothing.
    """
    main = repository.chain(head, limit)
    ways: dict[_Way, list[str]] = {}
    for name, environment in config.environments.items():
        ways.setdefault(_way(environment), []).append(name)
    found = [_history(repository, config, way, tuple(names), main, limit) for way, names in ways.items()]
    if len(found) == 1:
        return Histories(tuple(found), None, main)
    return Histories(tuple(found), _places(repository, config, found), main)


def _way(environment: Environment) -> _Way:
    if environment.tags:
        return ("tags", environment.tags)
    if environment.pin:
        return ("pin", environment.ref, environment.pin, environment.pin_key)
    return ("ref", environment.ref)


def _history(
    repository: Repository,
    config: Config,
    way: _Way,
    names: tuple[str, ...],
    main: Chain,
    limit: int | None,
) -> History:
    bindings = Bindings(config, names)
    if way[0] == "tags":
        tags = repository.tagged(way[1])
        if not tags.length:
            fix = "check `tags` of the environment, and that the clone has tags (in CI: fetch-tags)"
            raise RefusedError("tags", f"environment `{names[0]}`: no tag fits {way[1]!r}", fix=fix)
        refs = {f"refs/tags/{name}": commit for name, commit in sorted(tags.refs.items())}
        return History(tags, names, bindings, tags.ids[-1], refs, {})
    chain, refs = main, {}
    if way[1]:
        commit = repository.resolve_branch(way[1])
        chain, refs = repository.chain(commit, limit), {way[1]: commit}
    if way[0] == "ref":
        return History(chain, names, bindings, chain.ids[-1], refs, {})
    pins = _pins(repository, chain, way[2], way[3])
    return History(pins, names, bindings, chain.ids[-1], refs, pins.problems, pins.targets)


def _pins(repository: Repository, chain: Chain, file: str, key: str) -> PinTrack:
    with repository.blobs() as blobs:

        def read(blob: str, path: str) -> str | Unreadable:
            data = blobs.get(blob, path)
            return data if isinstance(data, Unreadable) else _pin(data, path, key)

        return repository.pinned(chain, file, read)


def _pin(data: bytes, path: str, key: str) -> str | Unreadable:
    """Return what a file's content pins: the value under `key`, or its first line that says anything."""
    if not key:
        lines = (line.strip() for line in data.decode("utf-8-sig", "replace").splitlines())
        said = _bare(next((line for line in lines if line and not line.startswith("#")), ""))
        return said or Unreadable("pin", "names nothing: the file is empty", Place(path))
    documents = parse(data, path)
    if documents.problem:
        return documents.problem
    for root in documents.roots:
        if said := text(find(root, *key.split("."))) or text(root, key):
            return _bare(said)
    return Unreadable("pin", f"has nothing under `{key}`", Place(path), "check `pin_key`")


def _bare(said: str) -> str:
    """Return a pin without the quotes around it, and without the full form of a tag's name."""
    if len(said) > 1 and said[0] == said[-1] and said[0] in "'\"":
        said = said[1:-1].strip()
    return said.removeprefix("refs/tags/")


def _places(repository: Repository, config: Config, found: list[History]) -> tuple[list[int], ...]:
    owner = {name: str(number) for number, history in enumerate(found) for name in history.environments}
    upstreams: dict[str, str] = {}
    for name, environment in config.environments.items():
        if environment.upstream and owner[environment.upstream] != owner[name]:
            upstreams.setdefault(owner[name], owner[environment.upstream])
    _cut_circles(upstreams)
    tracks = {str(number): history.track.ids for number, history in enumerate(found)}
    heads = sorted({i for history in found for i in ([history.head] if history.head else [])} | _ends(found))
    targets = {str(number): history.targets for number, history in enumerate(found)}
    places = merged_order(tracks, upstreams, Ancestry(repository.ancestry(heads)), targets)
    return tuple(places[str(number)] for number in range(len(found)))


def _ends(found: list[History]) -> set[str]:
    """Return the commits that may be no ancestor of a head: tags, and what is pinned, stand beside the branches."""
    named = {commit for history in found for commit in history.refs.values()}
    return named | {commit for history in found for commit in history.targets.values()}


def _cut_circles(upstreams: dict[str, str]) -> None:
    """Leave out what would make histories each other's upstream: environments have no circles, their refs may."""
    for start in sorted(upstreams):
        seen = {start}
        at = start
        while at in upstreams:
            if upstreams[at] in seen:
                del upstreams[at]
                break
            at = upstreams[at]
            seen.add(at)
