"""The histories of a run: which environments share one, and in which order the steps of all of them come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.config.globs import matches
from generator.documents.formats import parse
from generator.documents.tree import find, text
from generator.errors import Place, RefusedError, Unreadable
from generator.history.ordering import Ancestry, merged_order
from generator.timeline.bindings import Bindings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config.schema import Config, Environment
    from generator.history.chains import Chain, Known
    from generator.history.commits import Commit, FileChange
    from generator.history.repository import Repository
    from generator.history.tracks import PinTrack, Track
    from generator.pipeline.request import Request
    from generator.timeline.sources import Binding

_Way = tuple[str, ...]
"""How a history is told: ("ref", REF), ("tags", "", PATTERN) or ("pin", REF, FILE, KEY); REF empty: the run's own."""


Bound = dict[str, list[tuple["FileChange", "Binding"]]]
"""What a commit changes, with what binds it to an environment, by the environment's name."""
_MAIN: _Way = ("ref", "")


@dataclass(frozen=True, slots=True)
class Change:
    """What the run's own ref is a change of."""

    base: str = ""
    """Full id of the commit that it is meant for; empty where it is no change but a history of its own."""
    parted: str = ""
    """Full id of the newest commit that both lead to."""
    branch: str = ""
    """Short name of the branch that it is meant for, if it was named as one."""

    def meant_for(self, refs: Mapping[str, str]) -> set[str]:
        """Return the names of those `refs` (name → full id) that it would come to: its branch, else by the id."""
        if self.branch in refs:
            return {self.branch}
        return {name for name, commit in refs.items() if self.base and commit == self.base}


NO_CHANGE = Change()


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
    cut: bool = False
    """Whether older commits were left out."""
    note: str = ""
    """What a reader of the report should know of it; empty where nothing."""

    def bind(self, commit: Commit) -> Bound:
        """Return what a commit of it changes, by environment; only environments that it touches are named."""
        # A tag or a moved pin is a deployment by itself, also where no file differs.
        bound: Bound = {name: [] for name in self.environments} if commit.tags or commit.tree else {}
        for change in commit.changes:
            for binding in self.bindings.of(change.path):
                bound.setdefault(binding.environment, []).append((change, binding))
        return bound


@dataclass(frozen=True)
class Histories:
    """Every history of a run."""

    all: tuple[History, ...]
    places: tuple[list[int], ...] | None
    """For each history the place of each of its steps among all; `None` where there is but one."""
    main: Chain
    """First-parent chain of the run's own ref, also where no environment stands in it."""

    def of(self, track: Track) -> Histories:
        """Return the one history there is with `track` in the place of its own."""
        return replace(self, all=(replace(self.all[0], track=track),))


def change_of(repository: Repository, request: Request, head: str) -> Change:
    """Return what `head` is a change of.

    Raises `RefusedError` where it shares no commit with the base that is asked for.
    """
    if not request.base:
        return NO_CHANGE
    base = repository.resolve_branch(request.base)
    parted = repository.merge_base(base, head)
    if not parted:
        reason = f"{head[:12]} and {base[:12]} share no commit"
        raise RefusedError("merge-base", reason, fix="name the branch that the change is meant for, and clone it whole")
    name = request.base.removeprefix("refs/heads/").removeprefix("refs/remotes/").removeprefix("origin/")
    return Change(base, parted, name)


def histories(
    repository: Repository,
    config: Config,
    head: str,
    limit: int | None,
    change: Change = NO_CHANGE,
    known: Known | None = None,
) -> Histories:
    """Return the histories that the environments of `config` stand in; `head` is the run's own newest commit.

    What is `known` of the chain of an earlier commit need not be listed again.
    Raises `RefusedError` for a ref that names nothing.
    """
    main = repository.chain(head, limit, change.parted, known)
    refs: dict[str, str] = {}
    ways: dict[_Way, list[str]] = {}
    for environment in config.environments.values():
        if environment.ref and environment.ref not in refs:
            refs[environment.ref] = repository.resolve_branch(environment.ref)
    # A ref that leads where the run's own does is that history, whatever it is called.
    same = {ref for ref, commit in refs.items() if commit == head} | change.meant_for(refs)
    for name, environment in config.environments.items():
        ref = "" if environment.ref in same else environment.ref
        ways.setdefault(_way(environment, ref), []).append(name)
    chains = {
        ref: main if commit == head else repository.chain(commit, limit, known=known) for ref, commit in refs.items()
    }
    found = []
    for way, names in ways.items():
        own = {config.environments[name].ref for name in names} & refs.keys()
        led = {ref: refs[ref] for ref in sorted(own)}
        bindings = Bindings(config, names, declarations=way == _MAIN)
        found.append(_history(repository, bindings, way, tuple(names), chains.get(way[1], main), led))
    if _MAIN not in ways and any(matches(config.declarations, path) for path in repository.files(head)):
        # No environment stands in the run's own chain, but people may say something there.
        bindings = Bindings(config, (), declarations=True)
        found.append(_history(repository, bindings, _MAIN, (), main, {}))
    if len(found) == 1:
        return Histories(tuple(found), None, main)
    return Histories(tuple(found), _places(repository, config, found), main)


def _way(environment: Environment, ref: str) -> _Way:
    if environment.tags:
        return ("tags", "", environment.tags)
    if environment.pin:
        return ("pin", ref, environment.pin, environment.pin_key)
    return ("ref", ref)


def _history(
    repository: Repository,
    bindings: Bindings,
    way: _Way,
    names: tuple[str, ...],
    chain: Chain,
    refs: dict[str, str],
) -> History:
    if way[0] == "tags":
        tags = repository.tagged(way[2])
        refs = {f"refs/tags/{name}": commit for name, commit in sorted(tags.refs.items())}
        head = tags.ids[-1] if tags.length else ""
        note = "" if head else f"No tag fits `{way[2]}`, so {' and '.join(names)} had no release yet."
        return History(tags, names, bindings, head, refs, {}, note=note)
    if way[0] == "ref":
        return History(chain, names, bindings, chain.last, refs, {}, cut=chain.cut)
    pins = _pins(repository, chain, way[2], way[3])
    return History(pins, names, bindings, chain.last, refs, pins.problems, pins.targets, cut=chain.cut)


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
