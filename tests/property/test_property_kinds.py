"""What holds for the kinds of every history: they follow from values alone, and a rollback can be taken back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.replay import DAY, START, Gathered, Revision, Tree, gathered
from support.values import CONFIG, tree

from generator.history.importing import write_repository
from generator.timeline.kinds import Kind
from generator.timeline.windows import BulkWindows

VERSIONS = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=6)
GAPS = st.integers(min_value=-400 * DAY, max_value=400 * DAY)
NO_WINDOW = CONFIG + "bulk_window: 0s\n"


def _replayed(folder: Path, lines: list[str], times: list[int]) -> Gathered:
    before: Tree = {}
    revisions = []
    for number, (line, time) in enumerate(zip(lines, times, strict=True)):
        now = {path: text.encode() for path, text in tree(line).items()} | {"README": f"{number}\n".encode()}
        changes = {p: now.get(p) for p in sorted(now.keys() | before.keys()) if now.get(p) != before.get(p)}
        revisions.append(Revision(time, f"Step {number + 1}", changes))
        before = now
    write_repository(folder / "repository", revisions)
    return gathered(folder / "repository", folder / "evidence", NO_WINDOW)


@given(VERSIONS, st.sampled_from("XYZ"))
@settings(max_examples=12, deadline=None)
def test_a_rollback_and_its_redo_restore_the_version(versions: list[str], new: str) -> None:
    lines = [f"p/a={version} p/b=1" for version in versions]
    lines += [f"p/a={new} p/b=1", lines[-1], f"p/a={new} p/b=1"]
    with tempfile.TemporaryDirectory() as folder:
        found = _replayed(Path(folder), lines, [START + number * DAY for number in range(len(lines))])
        *_, before, there, back, again = found.of("production")
        assert [d.kind for d in (there, back, again)] == ["forward", "rollback", "redo"]
        assert (back.digest, again.digest) == (before.digest, there.digest)
        assert not back.partial
        assert back.changes[0].culprit == there.id


@given(st.data(), VERSIONS)
@settings(max_examples=12, deadline=None)
def test_kinds_follow_from_values_and_never_from_dates(data: st.DataObject, versions: list[str]) -> None:
    assume(len(versions) > 1)
    others = data.draw(st.lists(st.sampled_from("AB"), min_size=len(versions), max_size=len(versions)))
    times = data.draw(st.lists(GAPS, min_size=len(versions), max_size=len(versions)))
    lines = [f"p/a={a} p/b={b}" for a, b in zip(versions, others, strict=True)]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        even = _replayed(Path(one), lines, [START + number * DAY for number in range(len(lines))])
        skewed = _replayed(Path(other), lines, [START + 500 * DAY + time for time in times])
        told = [
            [(d.kind, d.confidence, d.partial, d.digest, d.reasons) for d in found.of("production")]
            for found in (even, skewed)
        ]
        assert told[0] == told[1]


MOVES = st.tuples(
    st.sampled_from("sp"),
    st.one_of(st.none(), st.integers(min_value=0, max_value=3000)),
    st.sampled_from([Kind.FORWARD, Kind.ROLLBACK, Kind.REDEPLOY]),
    st.sets(st.sampled_from("abcdef"), max_size=3),
)


@given(st.lists(MOVES, max_size=30))
def test_windows_say_of_each_run_what_a_look_at_all_of_it_says(
    moves: list[tuple[str, int | None, Kind, set[str]]],
) -> None:
    windows: BulkWindows[int] = BulkWindows(4, 600)
    found: list[tuple[int, bool]] = []
    for number, (environment, time, kind, components) in enumerate(moves):
        found += windows.take(environment, time, kind, components, number)
    found += windows.finish()
    assert [number for number, _ in found] == list(range(len(moves)))
    assert {number for number, bulk in found if bulk} == _bulk(moves)


def _bulk(moves: list[tuple[str, int | None, Kind, set[str]]]) -> set[int]:
    """Return the places of bulk deployments, by cutting each environment into runs first."""
    found: set[int] = set()
    for environment in "sp":
        own = [(n, *move[1:]) for n, move in enumerate(moves) if move[0] == environment]
        while own:
            _, first, kind, _ = own[0]
            run = [own[0]]
            for one in own[1:]:
                near = first is not None and one[1] is not None and abs(one[1] - first) <= 600
                if one[2] is not kind or kind is Kind.REDEPLOY or not near:
                    break
                run.append(one)
            if len(run) > 1 and len(set().union(*(one[3] for one in run))) >= 4:
                found.update(one[0] for one in run)
            own = own[len(run) :]
    return found
