"""How a bundle follows the one before it: what of the earlier one's history still stands, and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Place, RefusedError
from generator.evidence.breaks import Break
from generator.evidence.former import bundle_at, open_former
from generator.evidence.refs import RefRecord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.evidence.former import DeploymentLine, Former
    from generator.history.repository import Repository
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
    branches, notes = _branches(former, read, standing)
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


class _Standing:
    """Tells which commits of an earlier bundle the history still has."""

    def __init__(self, read: Read, former: Former) -> None:
        self._read, self._former = read, former
        self._ids = set(read.histories.main.ids)
        for history in read.histories.all:
            self._ids.update(history.track.ids)
        self._widened = False

    @property
    def whole(self) -> bool:
        """Whether everything that led to the earlier bundle still stands, so that no deployment can have vanished."""
        refs = self._former.manifest.refs.items()
        return all(self._names(ref, commit) if ref.startswith(TAGS) else self.has(commit) for ref, commit in refs)

    def has(self, commit: str) -> bool:
        """Return whether `commit` is on a first-parent chain that is read, or was and is still there."""
        if commit in self._ids:
            return True
        if not self._widened:
            self._widen()
        return commit in self._ids

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
            or any(self.has(commit) for commit in (manifest.inputs.commit, *manifest.refs.values()))
            or any(named.get(name) == ref for name, ref in self._former.refs.items() if name.startswith(TAGS))
        )

    def _holds(self, one: DeploymentLine) -> bool:
        """Return whether a deployment still stands: by a tag that made it one, else by its commit."""
        tags = one.commit.tags
        return any(self._names(TAGS + tag, one.commit.id) for tag in tags) if tags else self.has(one.commit.id)

    def _names(self, tag: str, commit: str) -> bool:
        now = self._read.named.get(tag)
        return now is not None and now.commit == commit

    def _widen(self) -> None:
        """Take in what this run leaves out and the earlier one may have read: older commits, and other branches."""
        self._widened = True
        read, repository = self._read, self._read.repository
        heads = {commit for ref, commit in read.refs.items() if not ref.startswith(TAGS)} if self._cut else set()
        for ref in self._former.manifest.refs:
            if ref not in read.refs and not ref.startswith(TAGS):
                try:
                    heads.add(repository.resolve_branch(ref))
                except RefusedError as fault:
                    if fault.code != "ref":
                        raise
        for head in sorted(heads):
            self._ids.update(repository.chain(head).ids)

    @property
    def _cut(self) -> bool:
        return self._read.histories.main.cut or any(history.cut for history in self._read.histories.all)


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


def _branches(former: Former, read: Read, standing: _Standing) -> tuple[list[Break], list[str]]:
    """Return the branches that were rewritten, and what can't be told of those that a shallow clone has."""
    found, notes = [], []
    for name, old in sorted(former.refs.items()):
        now = read.named.get(name)
        if name.startswith(TAGS) or now is None or now.commit == old.commit or standing.has(old.commit):
            continue
        if read.repository.leads_to(now.commit, old.commit):
            continue  # merged into the other way round: its releases left the chain, and each of them is told
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
