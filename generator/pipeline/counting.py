"""What was read, left out by a rule, or could not be read, each thing once: counts that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.manifest import Counted
from generator.history.commits import SUBMODULE
from generator.timeline.sources import PLANNED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.errors import Unreadable
    from generator.history.commits import FileChange
    from generator.history.repository import Repository
    from generator.pipeline.tracks import Histories, History
    from generator.timeline.sources import Binding
    from generator.timeline.state import Transition

NO_PATH = "no path of the model"
DECLARATIONS = "declarations alone"
OLDER = "older than --limit"
LEFT_OUT = {
    "submodule": "submodule, never fetched",
    "template": "template, not rendered here",
    "not-rendered": "template, not rendered here",
    "not-tosca": "no TOSCA",
}
"""Rule by which a file is left out, by the code of the note that tells so."""


class Counting:
    """Follows a run and counts what became of commits and files."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.touching = 0
        """Commits that changed a path of the model."""
        self.blobs: set[str] = set()
        """Distinct contents of model files; of a unit that is rendered, what its rendering depends on."""
        self._declaring = 0
        self._unfollowed = 0
        self._lost: set[str] = set()
        self._left_out: dict[str, str] = {}

    def step(
        self,
        commit: str,
        history: History,
        bound: Mapping[str, Sequence[tuple[FileChange, Binding]]],
        *,
        declaring: bool,
    ) -> None:
        """Take in one step of a history: what it changes of environments, and whether it changes declarations."""
        if bound:
            self.touching += 1
            self.blobs.update([change.blob for found in bound.values() for change, _ in found if change.blob])
        elif commit in history.problems:
            self._unfollowed += 1
        elif declaring and history.environments:
            self._declaring += 1

    def outcome(self, changes: Sequence[tuple[FileChange, Binding]], transition: Transition) -> None:
        """Take in what one environment came to by `changes`."""
        if not transition.problems and not transition.notes:
            return
        brought = {change.path: change for change, _ in changes if change.blob}
        for change in brought.values():
            if change.mode == SUBMODULE:
                self._left_out[change.blob] = LEFT_OUT["submodule"]
        for problem in transition.problems:
            self._lost.update(_contents_at(problem, brought))
        for note in transition.notes:
            rule = LEFT_OUT.get(note.code)
            if rule is not None:
                self._left_out.update(dict.fromkeys(_contents_at(note, brought), rule))

    def counts(self, repository: Repository, histories: Histories, deployments: int, stale: int) -> dict[str, Counted]:
        """Return the counts of a manifest; `stale` of `deployments` have files that could not be read."""
        return {
            "commits": self._commits(repository, histories),
            "deployments": Counted(deployments, deployments - stale, {}, stale),
            "files": self._files(),
        }

    def _commits(self, repository: Repository, histories: Histories) -> Counted:
        found = [history for history in histories.all if history.environments]
        length = sum(history.track.length for history in found)
        elsewhere = max(0, length - self.touching - self._declaring - self._unfollowed)
        older = sum(
            repository.chain_length(history.head) - histories.main.length if history.cut else 0
            for history in found
            if not repository.shallow
        )
        skipped = {NO_PATH: elsewhere, DECLARATIONS: self._declaring, OLDER: older}
        return _added(self.touching, skipped, self._unfollowed)

    def _files(self) -> Counted:
        skipped: dict[str, int] = {}
        for blob, rule in self._left_out.items():
            if blob not in self._lost:
                skipped[rule] = skipped.get(rule, 0) + 1
        read = len(self.blobs) - len(self._lost) - sum(skipped.values())
        return _added(read, skipped, len(self._lost))


def _added(read: int, skipped: Mapping[str, int], unreadable: int) -> Counted:
    kept = {rule: number for rule, number in skipped.items() if number}
    return Counted(read + sum(kept.values()) + unreadable, read, kept, unreadable)


def _contents_at(problem: Unreadable, brought: Mapping[str, FileChange]) -> Iterable[str]:
    """Return the contents that a problem is of: the file at its path, else the rendered units that it stands in."""
    path = problem.place.path
    if path in brought:
        return (brought[path].blob,)
    planned = {name.rpartition(PLANNED)[0]: change.blob for name, change in brought.items() if PLANNED in name}
    within = [blob for root, blob in planned.items() if not root or path == root or path.startswith(f"{root}/")]
    return within or (planned.values() if len(planned) == 1 else ())
