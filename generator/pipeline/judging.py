"""What is said of a deployment beside its values: imported results, its gates, and whose fault a failure was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from generator.assurance.gates.approval import MOST_YES, weigh
from generator.assurance.gates.facts import Came, DriftAge, Found, GateFacts, Outcome, Soak
from generator.assurance.gates.judging import judge
from generator.assurance.gates.people import Person
from generator.assurance.gates.yes import ApprovalIndex, all_yes
from generator.assurance.results.files import Listing, ResultKeys
from generator.assurance.triage.judging import ROLLBACK, cause_of, triage
from generator.declarations.entries import Declarations
from generator.errors import FaultError, Place, Unreadable
from generator.evidence.judged import Approved, Judged
from generator.evidence.summarising import short_version
from generator.history.signing.signatures import read_keys
from generator.model.component import Aspect
from generator.model.expectation import expected_reason
from generator.pipeline.people import called, learn_declared
from generator.pipeline.results import results_index
from generator.timeline.declared import Declared, deployment_id
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.assurance.results.index import Bound
    from generator.assurance.triage.verdict import TriageVerdict
    from generator.config.gates import Gate
    from generator.config.schema import Config
    from generator.evidence.people import People
    from generator.history.blobs import Blobs
    from generator.history.commits import Commit
    from generator.history.repository import Repository
    from generator.pipeline.records import ToldRecords
    from generator.pipeline.request import Request
    from generator.pipeline.stage import Stage
    from generator.pipeline.tracks import Histories
    from generator.timeline.changes import Change
    from generator.timeline.deployments import Deployment

_SHA256 = re.compile(r"\bsha256:[0-9a-f]{64}\b")
_COMES = frozenset(Kind) - {Kind.GAP}
_NO_KEYS_NEEDED: frozenset[str] = frozenset({"trailer", "merge", "file"})
"""Ways of approval that look at no signature."""


class Judging:
    """Judges the deployments of one run; use as a context manager."""

    def __init__(self, config: Config, repository: Repository, request: Request, histories: Histories) -> None:
        """Set up what the gates of `config` need, and nothing else of it."""
        self._config, self._histories = config, histories
        self.declared = Declared(config.trailers)
        """What is said of deployments, by trailers; `begin` adds what the newest commit's files say."""
        self.approvals = ApprovalIndex()
        """The approvals that hold now."""
        self._told: ToldRecords | None = None
        keys = read_keys([(path.name, _bytes(path)) for path in request.keys]) if request.keys else None
        self._signatures = repository.signatures(keys) if _signed(config.gates) else None
        self._merged = _merged(config.gates, repository, histories)
        self._repository, self._results_folder = repository, request.results
        self.lost: list[tuple[str, Commit, Unreadable]] = []
        """Results that could not be read: environment, commit of the deployment they belong to, and why."""
        self._index = results_index((), Listing({}, lambda _, __: b""), repository)
        self.people: People | None = None
        """Whom the report calls by another name than their own, where it does; to be set before `begin`."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *fault: object) -> None:
        """End what looks at signatures."""
        if self._signatures is not None:
            self._signatures.__exit__(*fault)

    def begin(self, head: str, declarations: Declarations, blobs: Blobs, told: ToldRecords | None = None) -> None:
        """Look at what the newest commit, `head`, says and holds; `blobs` stays open as long as this judges.

        `told` is what pipelines and incident tools tell.
        """
        if told is not None and told.any:
            self._told = told
            declarations = told.joined(declarations)
            # When an approval was given is what its record tells: none was brought by a commit.
            self.approvals.set(told.approvals, None)
        if self.people is not None:
            learn_declared(self.people, declarations)
            learn_declared(self.people, Declarations(approvals=told.approvals if told is not None else ()))
        self.declared = Declared(self._config.trailers, declarations)
        if self._config.results:
            files = self._repository.files(head)
            commits = {commit for history in self._histories.all for commit in history.track.ids}
            self._index = results_index(
                self._config.results,
                Listing(files, blobs.get),
                self._repository,
                folder=self._results_folder,
                environments=tuple(self._config.environments),
                commits=commits,
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what about the places of results a reader of the report should know."""
        return self._index.notes()

    @property
    def unbound(self) -> tuple[str, ...]:
        """Return files of results that no deployment answered to, the first of them."""
        return self._index.unbound().paths

    @property
    def imports(self) -> bool:
        """Return whether results of other tools belong to deployments."""
        return bool(self._config.results)

    def declare(self, declarations: Declarations, commit: Commit) -> None:
        """Let `declarations` be what people say from `commit` on."""
        if self.people is not None:
            learn_declared(self.people, declarations)
        told = self._told.approvals if self._told is not None else ()
        self.approvals.set((*declarations.approvals, *told), commit.time)

    def judge(self, stage: Stage, deployment: Deployment) -> Judged:
        """Return what is said of a deployment, after findings and drift took in its commit."""
        if self._told is not None:
            self._told.take(deployment)
        bound = self._index.bound(_keys(deployment)) if self._config.results else ()
        for one in bound:
            if one.outcome == "unreadable":
                self.lost.append((stage.name, deployment.commit, _unreadable(one)))
        gates = [g for g in self._config.gates if g.guards(stage.name, production=stage.production)]
        facts = self._facts(gates, stage, deployment, bound) if gates or stage.production else None
        verdicts = judge(gates, facts) if facts is not None else ()
        failed = [verdict.name for verdict in verdicts if verdict.outcome is Outcome.FAILED]
        approvals = tuple(_approvals(facts)) if facts is not None and stage.production else ()
        return Judged(bound, verdicts, _triaged(stage, deployment, failed), approvals)

    def foresee(
        self, stage: Stage, deployment: Deployment, found: Sequence[Found], drift: Sequence[DriftAge] | None
    ) -> tuple[tuple[Gate, ...], GateFacts, tuple[Bound, ...]]:
        """Return the gates that a deployment nobody made yet would meet, with what they would look at, and its results.

        Of approvals those count that name it, or the upstream deployment it comes from: all others come with a commit.
        """
        gates = tuple(g for g in self._config.gates if g.guards(stage.name, production=stage.production))
        commits, names = _approved_as(stage, deployment)
        bound = self._index.bound(_keys(deployment)) if self._config.results else ()
        approvals = all_yes(entries=self.approvals.of([c for c in commits if c], names, stage.name))
        facts = GateFacts(
            environment=stage.name,
            production=stage.production,
            kind=deployment.verdict.kind.value,
            time=deployment.commit.time,
            approvals=approvals,
            called=called(self.people, approvals),
            changed=bool(deployment.changes),
            upstream=stage.upstream.name if stage.upstream else "",
            soaks=tuple(_soaks(deployment)),
            findings=tuple(found),
            drift=tuple(drift) if drift is not None else None,
            results=tuple(Came(one.name, one.outcome, one.reason) for one in bound),
            names=self._config.authors != "none",
        )
        return gates, facts, bound

    def _facts(self, gates: Sequence[Gate], stage: Stage, deployment: Deployment, bound: Sequence[Bound]) -> GateFacts:
        commit = deployment.commit
        wanted = {gate.condition for gate in gates}
        author = Person(commit.author, commit.address)
        signature = self._signatures.of_commit(commit.id) if self._signatures else None
        tags = self._signatures.of_tags(commit.id) if self._signatures else None
        commits, names = _approved_as(stage, deployment)
        said = self.declared.said(commit) if stage.production or "approval" in wanted else None
        approvals = (
            all_yes(
                trailers=said.approvals,
                parents=len(commit.parents),
                author=author,
                committer=Person(*commit.committer),
                signature=signature,
                tags=tags or (),
                entries=self.approvals.of(commits, names, stage.name),
            )
            if said is not None
            else ()
        )
        return GateFacts(
            environment=stage.name,
            production=stage.production,
            kind=deployment.verdict.kind.value,
            time=commit.time,
            begun=self._told.begun(deployment) if self._told is not None else None,
            commit=commit.id,
            author=author,
            parents=len(commit.parents),
            merged=self._authors(commit),
            approvals=approvals,
            called=called(self.people, approvals),
            signature=signature,
            tags=tags,
            changed=bool(deployment.changes),
            upstream=stage.upstream.name if stage.upstream else "",
            soaks=tuple(_soaks(deployment)) if "soak" in wanted else (),
            findings=tuple(_found(stage)) if "findings" in wanted else None,
            drift=_ages(stage) if "drift" in wanted else None,
            results=tuple(Came(one.name, one.outcome, one.reason) for one in bound),
            names=self._config.authors != "none",
        )

    def _authors(self, commit: Commit) -> tuple[Person, ...] | None:
        """Return who wrote what a merge brought; `None` where that is not known, as beside the branches."""
        if len(commit.parents) < 2:  # noqa: PLR2004 - a merge has two parents or more
            return ()
        found = self._merged.get(commit.id)
        return tuple(Person(*who) for who in found) if found is not None else None


def _unreadable(bound: Bound) -> Unreadable:
    reason = f"the result `{bound.name}` can't be read: {bound.reason}"
    return Unreadable("result-unreadable", reason, Place(bound.sources[0] if bound.sources else ""), "write it again")


def _signed(gates: Iterable[Gate]) -> bool:
    """Return whether a gate looks at signatures."""
    return any(g.signed or (g.approval and not _NO_KEYS_NEEDED.issuperset(g.approval.by)) for g in gates)


def _merged(
    gates: Iterable[Gate], repository: Repository, histories: Histories
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return who wrote what each merge brought, where a gate asks who approved."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    if any(gate.approval and gate.approval.four_eyes for gate in gates):
        for head in sorted({history.head for history in histories.all if history.head}):
            found.update(repository.merged_authors(head))
    return found


def _keys(deployment: Deployment) -> ResultKeys:
    """Return what the results of a deployment may be found by: its commit, tags, digest, and what it brought."""
    commit, after = deployment.commit, deployment.transition.after
    components = [after.get(identity) for identity in deployment.transition.changed]
    artifacts = [f.value for c in components if c is not None for f in c.fields if f.aspect is Aspect.ARTIFACT]
    return ResultKeys(
        environment=deployment.environment,
        commit=commit.id,
        deployed=commit.tree,
        tags=commit.tags,
        digest=deployment.digest,
        artifact_digests=tuple(sorted({found for text in artifacts for found in _SHA256.findall(text)})),
        versions=tuple(sorted({short_version(text) for text in artifacts if text})),
    )


def _approved_as(stage: Stage, deployment: Deployment) -> tuple[list[str], list[str]]:
    """Return the commits and the deployments by whose names an approval may mean this deployment.

    Where all artifacts that came were promoted from one upstream deployment, that is one of them: in a history that
    environments share, the commit of the promotion has no name before it is made.
    """
    commits, names = [deployment.commit.id], [deployment_id(stage.name, deployment.sequence)]
    came = [c for c in deployment.changes if c.aspect is Aspect.ARTIFACT and c.new and c.kind in _COMES]
    origins = {change.origin for change in came}
    origin = next(iter(origins)) if len(origins) == 1 else None
    if origin is not None and stage.upstream is not None:
        commits.append(origin.commit)
        names.append(deployment_id(stage.upstream.name, origin.sequence))
    return commits, names


def _approvals(facts: GateFacts) -> Iterator[Approved]:
    """Yield who said yes to a deployment, each with what that is worth to somebody who asks for four eyes."""
    for yes in facts.approvals[:MOST_YES]:
        yield Approved(yes, weigh(yes, facts)[0], facts.names)


def _soaks(deployment: Deployment) -> Iterator[Soak]:
    """Yield how long each artifact that came with a deployment had run upstream."""
    for change in deployment.changes:
        if change.aspect is Aspect.ARTIFACT and change.new and change.kind in _COMES:
            seconds, reason = _soak(change, deployment.commit)
            yield Soak(change.subject, change.new, change.validation, seconds, reason)  # type: ignore[arg-type]  # one of four constants of timeline


def _soak(change: Change, commit: Commit) -> tuple[int | None, str]:
    origin = change.origin
    if origin is None:
        return None, ""
    if origin.commit == commit.id:
        return None, "git does not tell when a branch was moved on to a commit that another one had"
    if origin.time is None or commit.time is None:
        return None, "one of the two commits carries no usable time"
    return commit.time - origin.time, ""


def _found(stage: Stage) -> Iterator[Found]:
    new = stage.recorder.new
    for level, count in stage.ledger.counts.items():
        yield Found(level, count, new[level])


def _ages(stage: Stage) -> tuple[DriftAge, ...] | None:
    if stage.drift is None or not stage.drift.assessed:
        return None
    return tuple(DriftAge(drift, since, count) for (drift, since), count in stage.recorder.drift_ages.items())


def _triaged(stage: Stage, deployment: Deployment, failed: Sequence[str]) -> TriageVerdict | None:
    """Take a deployment into the trail of its environment, and return whose fault it was where it failed."""
    verdict = deployment.verdict
    stage.trail.take(deployment, good=not verdict.incidents and not failed)
    cause = cause_of(deployment, failed)
    if cause is None:
        return None

    def exempt(component: str, aspect: str, field: str, /) -> bool:
        if expected_reason((component, aspect, field), stage.timeline.expected):
            return True
        return stage.drift is not None and stage.drift.is_exempt((component, aspect, field))

    found = triage(cause, deployment, stage.trail, exempt)
    if cause.trigger == ROLLBACK and failed:
        # What it took back was good until now, and it is not good itself.
        stage.trail.good = found.last_good
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FaultError("keys", str(fault), place=Place(str(path))) from fault
