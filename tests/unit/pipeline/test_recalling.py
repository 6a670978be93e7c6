"""A run that goes on where the last one ended comes to the very bytes of one that reads everything."""

from __future__ import annotations

import io
import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.fleets import fleet_trees
from support.plain_git import git
from support.replay import HISTORIES, Gathered, Revision, gathered, revision, write_case, write_trees

from generator.history import chains
from generator.history.importing import write_repository
from generator.pipeline import checkpoints, marks, recalling
from generator.pipeline.checkpoints import NotKept, freeze, thaw
from generator.pipeline.losses import Losses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.history.commands import Git

CASES = sorted(path.name for path in HISTORIES.iterdir() if path.is_dir())


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def chain_of(repository: Path) -> list[str]:
    return git(repository, "rev-list", "--first-parent", "--reverse", "HEAD").split()


def step_by_step(
    repository: Path, folder: Path, commits: Sequence[str], config: str | Path = "", *, cache: bool
) -> list[Gathered]:
    """Return what each of `commits` gave, each following the one before."""
    found: list[Gathered] = []
    for number, commit in enumerate(commits):
        previous = found[-1].folder if found else None
        kept = folder / "cache" if cache else None
        place = folder / str(number)
        found.append(gathered(repository, place, config, ref=commit, cache=kept, previous=previous))
    return found


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trees(tmp_path_factory.mktemp("recalled") / "fleet", fleet_trees(200))


@pytest.mark.parametrize(("renew", "begins"), [(1, [0, 1, 2]), (55, [0, 0, 2]), (512, [0, 0, 0])])
def test_it_reads_what_is_new_alone_and_writes_the_same(
    renew: int, begins: list[int], fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalling, "RENEW", renew)
    chain = chain_of(fleet)
    commits = [chain[place] for place in (90, 91, 150, len(chain) - 1)]
    quick = step_by_step(fleet, tmp_path / "quick", commits, cache=True)
    whole = step_by_step(fleet, tmp_path / "whole", commits, cache=False)
    assert [one.outcome.after for one in quick] == ["", *(commits[place] for place in begins)]
    assert {one.outcome.after for one in whole} == {""}
    for one, other in zip(quick, whole, strict=True):
        assert files(one.folder) == files(other.folder)


def test_nothing_old_is_listed_or_kept_again(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[int] = []
    real = chains._listed  # noqa: SLF001 - how much git is asked for is what is to be seen

    def counting(git_of: Git, asked: Sequence[str]) -> list[bytes]:
        found = real(git_of, asked)
        listed.append(len(found))
        return found

    monkeypatch.setattr(chains, "_listed", counting)
    chain, folder = chain_of(fleet), tmp_path / "cache" / marks.FOLDER
    first = gathered(fleet, tmp_path / "first", ref=chain[100], cache=tmp_path / "cache")
    (kept,), (mark,) = folder.glob("*.state"), folder.glob("*.mark")
    states, marked = [kept.stat()], [mark.read_bytes()]
    second = gathered(fleet, tmp_path / "second", ref=chain[103], cache=tmp_path / "cache", previous=first.folder)
    gathered(fleet, tmp_path / "third", ref=chain[110], cache=tmp_path / "cache", previous=second.folder)
    assert listed == [101, 3, 10]
    states.append(kept.stat())
    marked.append(mark.read_bytes())
    assert states[0].st_ino == states[1].st_ino
    assert states[0].st_mtime_ns == states[1].st_mtime_ns
    assert len(marked[1]) > len(marked[0])


@pytest.mark.parametrize("renew", [1, 3])
@pytest.mark.parametrize("case", CASES)
def test_every_history_comes_out_the_same_from_any_cut(
    case: str, renew: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalling, "RENEW", renew)
    repository = write_case(tmp_path / "repository", case)
    chain = chain_of(repository)
    commits = chain[len(chain) // 2 :]
    own = HISTORIES / case / "assay.yaml"
    config = own if own.is_file() else ""
    quick = step_by_step(repository, tmp_path / "quick", commits, config, cache=True)
    whole = step_by_step(repository, tmp_path / "whole", commits, config, cache=False)
    for one, other in zip(quick, whole, strict=True):
        assert files(one.folder) == files(other.folder)


@pytest.mark.parametrize("file", ["mark", "state"])
@pytest.mark.parametrize("harm", ["flipped", "cut", "empty", "gone"])
def test_a_damaged_memory_costs_time_alone(harm: str, file: str, fleet: Path, tmp_path: Path) -> None:
    chain = chain_of(fleet)
    first = gathered(fleet, tmp_path / "first", ref=chain[100], cache=tmp_path / "cache")
    (kept,) = (tmp_path / "cache" / marks.FOLDER).glob(f"*.{file}")
    data = kept.read_bytes()
    if harm == "gone":
        kept.unlink()
    else:
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        kept.write_bytes({"flipped": flipped, "cut": data[:-1], "empty": b""}[harm])
    again = gathered(fleet, tmp_path / "again", ref=chain[110], cache=tmp_path / "cache", previous=first.folder)
    fresh = gathered(fleet, tmp_path / "fresh", ref=chain[110], previous=first.folder)
    assert again.outcome.after == ""
    assert files(again.folder) == files(fresh.folder)


def test_a_memory_of_another_bundle_is_not_taken(fleet: Path, tmp_path: Path) -> None:
    chain = chain_of(fleet)
    first = gathered(fleet, tmp_path / "first", ref=chain[100], cache=tmp_path / "cache")
    gathered(fleet, tmp_path / "other", ref=chain[105], cache=tmp_path / "cache")
    again = gathered(fleet, tmp_path / "again", ref=chain[110], cache=tmp_path / "cache", previous=first.folder)
    assert again.outcome.after == ""


def test_a_bundle_that_was_never_published_leaves_the_memory_as_it_was(fleet: Path, tmp_path: Path) -> None:
    chain = chain_of(fleet)
    first = gathered(fleet, tmp_path / "first", ref=chain[100], cache=tmp_path / "cache")
    gathered(fleet, tmp_path / "lost", ref=chain[105], cache=tmp_path / "cache", previous=first.folder)
    again = gathered(fleet, tmp_path / "again", ref=chain[110], cache=tmp_path / "cache", previous=first.folder)
    fresh = gathered(fleet, tmp_path / "fresh", ref=chain[110], previous=first.folder)
    assert again.outcome.after == chain[100]
    assert files(again.folder) == files(fresh.folder)


def test_a_history_that_was_rewritten_is_read_again(tmp_path: Path) -> None:
    trees = fleet_trees(60)
    repository = write_trees(tmp_path / "repository", trees)
    first = gathered(repository, tmp_path / "first", cache=tmp_path / "cache")
    git(repository, "checkout", "-q", "-B", "main", chain_of(repository)[40])
    git(repository, "commit", "-q", "--allow-empty", "-m", "Another way")
    quick = gathered(repository, tmp_path / "quick", cache=tmp_path / "cache", previous=first.folder)
    whole = gathered(repository, tmp_path / "whole", previous=first.folder)
    assert quick.outcome.after == ""
    assert files(quick.folder) == files(whole.folder)


def test_what_people_say_later_has_everything_read_again(tmp_path: Path) -> None:
    trees = fleet_trees(60)
    repository = write_trees(tmp_path / "repository", trees)
    first = gathered(repository, tmp_path / "first", cache=tmp_path / "cache")
    released = first.of("production")[1]
    said = f"incidents:\n  - {{id: INC-1, commit: {released.commit.id}, environment: production, title: Down}}\n"
    other = write_trees(tmp_path / "other", [*trees, {**trees[-1], ".assay/incidents.yaml": said}])
    quick = gathered(other, tmp_path / "quick", cache=tmp_path / "cache", previous=first.folder)
    whole = gathered(other, tmp_path / "whole", previous=first.folder)
    assert quick.outcome.after == ""
    assert quick.of("production")[1].incidents == ("INC-1",)
    assert files(quick.folder) == files(whole.folder)


def test_a_class_that_is_never_taken_costs_time_alone(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = chain_of(fleet)
    first = gathered(fleet, tmp_path / "first", ref=chain[100], cache=tmp_path / "cache")
    narrow = checkpoints._ROOMS.pattern.replace("timeline|", "")  # noqa: SLF001 - as if a package of others held it
    monkeypatch.setattr(checkpoints, "_ROOMS", re.compile(narrow))
    again = gathered(fleet, tmp_path / "again", ref=chain[110], cache=tmp_path / "cache", previous=first.folder)
    fresh = gathered(fleet, tmp_path / "fresh", ref=chain[110], previous=first.folder)
    assert again.outcome.after == ""
    assert files(again.folder) == files(fresh.folder)


def test_a_statement_that_tells_the_time_of_the_report_is_made_anew(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    trees = fleet_trees(40)
    before: dict[str, bytes] = {}
    revisions: list[Revision] = []
    for number, tree in enumerate(trees):
        now = {path: text.encode() for path, text in tree.items()}
        made = revision(number, now, before)
        revisions.append(made if number not in range(10, 25) else Revision(0, made.message, made.changes))
        before = now
    write_repository(repository, revisions)
    gated = trees[0]["assay.yaml"] + "gates: [{name: soak, soak: 24h}]\n"
    commits = [chain_of(repository)[place] for place in (30, 35, 39)]
    quick = step_by_step(repository, tmp_path / "quick", commits, gated, cache=True)
    whole = step_by_step(repository, tmp_path / "whole", commits, gated, cache=False)
    assert [one.outcome.after for one in quick] == ["", commits[0], commits[0]]
    told = {one.folder: (one.folder / "statements/production.jsonl").read_bytes() for one in whole}
    assert not told[whole[1].folder].startswith(told[whole[0].folder])
    for one, other in zip(quick, whole, strict=True):
        assert files(one.folder) == files(other.folder)


class Runs:
    """What a hostile cache would hold."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("never",)


class Reaches:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path, ("/etc/passwd",)


@pytest.mark.parametrize("value", [Runs(), Reaches(), print, freeze, io.BytesIO, {"in": [Runs()]}])
def test_nothing_but_data_is_ever_made(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotKept):
        thaw(pickle.dumps(value), {})
    assert capsys.readouterr().out == ""


def test_an_anchor_is_this_runs_own_object() -> None:
    mine, yours, losses = io.BytesIO(b"mine"), io.BytesIO(b"yours"), Losses()
    data = freeze({"file": mine, "losses": losses}, {"file": mine})
    found = thaw(data, {"file": yours})
    assert found["file"] is yours
    assert type(found["losses"]) is Losses
    with pytest.raises(NotKept, match="nothing is called 'file'"):
        thaw(data, {})
    with pytest.raises(NotKept):
        freeze({"file": lambda: mine}, {})
