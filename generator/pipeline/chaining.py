"""How a bundle follows the one before it: what of the earlier one's history still stands, and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Place, RefusedError
from generator.evidence.breaks import Break
from generator.evidence.former import bundle_at, open_former
from generator.evidence.refs import RefRecord
from generator.history.chains import Chain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.evidence.former import DeploymentLine, Former
    from generator.history.repository import Repository
    from generator.history.tracks import Track
    from generator.pipeline.tracks import Histories

TAGS = "refs/tags/"
_SHALLOW = (
    "The clone is shallow: whether history still leads to what bundle {bundle} was made from, {what}, can't be told."
)


@dataclass(frozen=True)
class Read:
    """What a run has read, as far as it can be held against an earlier bundle."""

    repository: Repository
    histories: Histories
    refs: Mapping[str, str]
    """Ref, as it was asked for → full id of the commit."""
    named: Mapping[str, RefRecord]
    """Every branch that was read and every tag, by its full name."""
    config_digest: str
    production: frozenset[str]
    """Names of the production environments."""
    found_at: str
    """Report time, RFC 3339 in UTC."""
    found_by: str
    """Full id of the newest commit."""


@dataclass(frozen=True)
class Following:
    """What the bundle being made says of the ones before it."""

    former: Former | None = None
    """The bundle before it; `None` for the first of a chain."""
    breaks: tuple[Break, ...] = ()
    """Every break known, those of earlier bundles first."""
    vanished: tuple[bytes, ...] = ()
    """Lines of `vanished.jsonl`, those of earlier bundles first."""
    notes: tuple[str, ...] = ()
    """What could not be told, each one sentence."""


def bundle_of_site(output: Path) -> Path | None:
    """Return the evidence folder of the site at `output`; `None` where there is none."""
    inner = bundle_at(output)
    return inner if inner != output else None


def named_refs(repository: Repository, refs: Mapping[str, str]) -> dict[str, RefRecord]:
    """Return every tag, and the branches among `refs` (as asked for → commit), by their full names."""
    tags = {name: RefRecord(identity, commit) for name, (identity, commit) in repository.tag_objects().items()}
    branches = {
        repository.full_name(ref): RefRecord(commit, commit) for ref, commit in refs.items() if not ref.startswith(TAGS)
    }
    branches.pop("", None)
    return dict(sorted((branches | tags).items()))


def follow_nothing(folder: Path | None) -> Following:
    """Return what a repository without commits says of the bundle in `folder`; raises `RefusedError`."""
    former = open_former(folder) if folder is not None else None
    if former is not None and former.manifest.inputs.commit:
        raise _another(former)
    return Following(former)


def follow(folder: Path | None, read: Read) -> Following:
    """Return what a bundle made from `read` says of the one in `folder`, `None` for none.

    Raises `RefusedError` where that does not verify, or is of another repository.
    """
    if folder is None:
        return Following()
    former = open_former(folder)
    standing = _Standing(read, former)
    branches, notes = _branches(former, read)
    found = [*_tags(former, read), *branches]
    vanished: list[bytes] = []
    if not standing.whole:
        gone = standing.gone()
        if not read.repository.shallow:
            sequence = former.manifest.sequence
            vanished = [b'{"bundle":%d,"record":%b}' % (sequence, line) for line, _ in gone]
            found += [
                _break(read, former, ("release-vanished", one.id, one.environment), one.commit.id, "")
                for _, one in gone
                if one.environment in read.production
            ]
    return Following(
        former, (*former.breaks, *found), (*(line for line, _ in former.vanished()), *vanished), tuple(notes)
    )


class _Commits:
    """The commits of a history, those included that this run leaves out and the earlier one may have."""

    def __init__(self, repository: Repository, track: Track, head: str, *, cut: bool) -> None:
        self._track = track
        self._whole = repository.chain(head) if cut and not repository.shallow else None
        self._all: frozenset[str] | None = None

    def hold(self, commit: str) -> bool:
        """Return whether the commit of that full id is one of them; a chain need not be listed as a whole for that."""
        return (isinstance(self._track, Chain) and self._track.holds(commit)) or commit in self.all

    @property
    def all(self) -> frozenset[str]:
        """Full ids of all of them."""
        if self._all is None:
            self._all = frozenset(self._track.ids).union(self._whole.ids if self._whole is not None else ())
        return self._all


class _Standing:
    """Tells which commits of an earlier bundle the history still has."""

    def __init__(self, read: Read, former: Former) -> None:
        self._read, self._former = read, former
        found = read.histories
        main = _Commits(read.repository, found.main, read.found_by, cut=found.main.cut)
        self._of_ref = dict.fromkeys(read.refs, main)
        self._of_environment: dict[str, _Commits] = {}
        for history in found.all:
            same = history.track is found.main
            ids = main if same else _Commits(read.repository, history.track, history.head, cut=history.cut)
            self._of_ref.update(dict.fromkeys(history.refs, ids))
            self._of_environment.update(dict.fromkeys(history.environments, ids))
        self._alike = former.manifest.config_digest == read.config_digest
        self._everything: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether everything that led to the earlier bundle still stands, so that no deployment can have vanished."""
        refs = self._former.manifest.refs.items()
        return all(
            self._names(ref, commit) if ref.startswith(TAGS) else self._leads(ref, commit) for ref, commit in refs
        )

    def _leads(self, ref: str, commit: str) -> bool:
        ids = self._of_ref.get(ref)
        if ids is not None:
            return ids.hold(commit)
        return any(each.hold(commit) for each in self._read_now) or commit in self._union

    def gone(self) -> list[tuple[bytes, DeploymentLine]]:
        """Return the deployments that the history has no more; raises `RefusedError` where it has none of them."""
        gone, kept = [], False
        for line, one in self._former.deployments():
            if self._holds(one):
                kept = True
            else:
                gone.append((line, one))
        if not kept and not self._known():
            raise _another(self._former)
        return gone

    def _known(self) -> bool:
        """Return whether anything but a deployment says that the earlier bundle is of this repository."""
        manifest, named = self._former.manifest, self._read.named
        return (
            not manifest.inputs.commit
            or not self._union.isdisjoint({manifest.inputs.commit, *manifest.refs.values()})
            or any(named.get(name) == ref for name, ref in self._former.refs.items() if name.startswith(TAGS))
        )

    def _holds(self, one: DeploymentLine) -> bool:
        """Return whether a deployment still stands: by a tag that made it one, else by its commit.

        Where the configuration is the same the commit has to be in the environment's own history, else in any.
        """
        tags = one.commit.tags
        if tags:
            return any(self._names(TAGS + tag, one.commit.id) for tag in tags)
        ids = self._of_environment.get(one.environment) if self._alike else None
        return one.commit.id in (self._union if ids is None else ids.all)

    def _names(self, tag: str, commit: str) -> bool:
        now = self._read.named.get(tag)
        return now is not None and now.commit == commit

    @property
    def _union(self) -> frozenset[str]:
        """The commits of all histories, and of the branches that the earlier bundle read and this one does not."""
        if self._everything is None:
            left = self._former.manifest.refs.keys() - self._read.refs.keys()
            others = [self._other(ref) for ref in sorted(left) if not ref.startswith(TAGS)]
            own = [each.all for each in self._read_now]
            self._everything = frozenset().union(*own, *others)
        return self._everything

    @property
    def _read_now(self) -> list[_Commits]:
        """The commits of each history that was read."""
        return list(dict.fromkeys([*self._of_ref.values(), *self._of_environment.values()]))

    def _other(self, ref: str) -> list[str]:
        repository = self._read.repository
        try:
            return repository.chain(repository.resolve_branch(ref)).ids
        except RefusedError as fault:
            if fault.code != "ref":
                raise
            return []


def _tags(former: Former, read: Read) -> list[Break]:
    """Return the tags that moved or are gone; a shallow clone has not all of them, so there none is taken for gone."""
    found = []
    for name, old in sorted(former.refs.items()):
        now = read.named.get(name)
        if not name.startswith(TAGS) or now == old or (now is None and read.repository.shallow):
            continue
        if now is None:
            found.append(_break(read, former, ("tag-deleted", name, ""), old.commit or old.object, ""))
        elif old.commit and now.commit and old.commit != now.commit:
            found.append(_break(read, former, ("tag-moved", name, ""), old.commit, now.commit))
        elif old.object != now.object:
            found.append(_break(read, former, ("tag-moved", name, ""), old.object, now.object))
    return found


def _branches(former: Former, read: Read) -> tuple[list[Break], list[str]]:
    """Return the branches that were rewritten, and what can't be told of those that a shallow clone has.

    One that was merged into the other way round was not: its releases left the chain, and each of them is told.
    """
    found, notes = [], []
    for name, old in sorted(former.refs.items()):
        now = read.named.get(name)
        if name.startswith(TAGS) or now is None or now == old or read.repository.leads_to(now.commit, old.commit):
            continue
        if read.repository.shallow:
            notes.append(_SHALLOW.format(bundle=former.manifest.sequence, what=old.commit[:12]))
        else:
            found.append(_break(read, former, ("branch-rewritten", name, ""), old.commit, now.commit))
    return found, notes


def _break(read: Read, former: Former, what: tuple[str, str, str], old: str, new: str) -> Break:
    rule, subject, environment = what
    return Break(rule, subject, environment, old, new, former.manifest.sequence, read.found_at, read.found_by)  # type: ignore[arg-type]  # one of four constants above


def _another(former: Former) -> RefusedError:
    reason = "the earlier bundle is of another repository: nothing that it was made from is in this history"
    fix = "name another folder by --output, or start a new chain by --previous none"
    return RefusedError("previous", reason, place=Place(str(former.folder)), fix=fix)
