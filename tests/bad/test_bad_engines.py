from __future__ import annotations

import zlib
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support.engines import DIES, FAILS, FLOODS, HANGS, StandIn
from support.plain_git import commit_all, git, new_repository
from support.replay import Gathered, gathered, write_trees

from generator.errors import ExitCode
from generator.rendering import kustomize
from generator.rendering.programs import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CONFIG = "environments: {staging: {path: apps/staging, reader: kustomize}}\n"
CANARY = "canary-4711-hunter2"


def _tree(image: str, extra: str = "") -> dict[str, str | bytes]:
    manifest = f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop}}
spec: {{template: {{spec: {{containers: [{{name: web, image: "{image}"}}]}}}}}}
{extra}"""
    # The stand-in prints what lies below the overlay, so the overlay holds it itself.
    return {
        "apps/staging/kustomization.yaml": "resources: [a.yaml]\n",
        "apps/staging/a.yaml": manifest,
        "README.md": image,
    }


def _secret(value: str) -> str:
    return f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: login}}\nstringData: {{password: {value}}}\n"


def _run(tmp_path: Path, trees: Sequence[Mapping[str, str | bytes]], engine: StandIn, name: str = "e") -> Gathered:
    repository = tmp_path / "r"
    if not repository.exists():
        write_trees(repository, trees)
    return gathered(repository, tmp_path / name, CONFIG, cache=tmp_path / "cache", engines=engine.named)


def _images(found: Gathered) -> list[str | None]:
    return [c.new for d in found.of("staging") for c in d.changes if c.aspect == "artifact" and "image" in c.field]


@pytest.mark.parametrize(
    ("fault", "word", "code", "words"),
    [
        (HANGS, "hang", "engine-timeout", "gave no answer within 1.5 s"),
        (FLOODS, "flood", "engine-output", "printed more than 1000000 bytes"),
        (FAILS, "fail", "engine-failed", "cannot render"),
        (DIES, "die", "engine-failed", "ended with status -9"),
    ],
)
def test_a_rendering_that_fails_costs_that_version_alone(
    fault: str, word: str, code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kustomize, "run", partial(run, seconds=1.5, most=1_000_000))
    trees = [_tree("shop:1"), _tree("shop:2", f"# {word}\n{_secret(CANARY)}"), _tree("shop:3")]
    found = _run(tmp_path, trees, StandIn(tmp_path / "bin", fault=fault))
    assert _images(found) == ["shop:1", "shop:3"]
    (lost,) = found.evidence.summary.unreadable
    assert (lost.code, lost.environment, lost.path) == (code, "staging", "apps/staging/kustomization.yaml")
    assert words in lost.reason
    assert CANARY not in lost.reason
    assert lost.commit == found.evidence.summary.commit.id or lost.at < found.evidence.summary.as_of
    assert found.outcome.exit_code is ExitCode.UNREADABLE


def test_every_commit_that_could_not_be_rendered_is_named(tmp_path: Path) -> None:
    good, bad = _tree("shop:1"), _tree("shop:2", "# fail\n")
    found = _run(tmp_path, [good, bad, good, bad, _tree("shop:3")], StandIn(tmp_path / "bin", fault=FAILS))
    assert _images(found) == ["shop:1", "shop:3"]
    (lost,) = found.evidence.summary.unreadable
    commits = git(tmp_path / "r", "rev-list", "--reverse", "HEAD").split()
    assert (lost.commit, lost.also) == (commits[1], (commits[3],))


def test_without_an_engine_the_run_goes_on_and_says_what_to_install(tmp_path: Path) -> None:
    write_trees(tmp_path / "r", [_tree("shop:1"), _tree("shop:2")])
    found = gathered(tmp_path / "r", tmp_path / "e", CONFIG, engines={"kustomize": str(tmp_path / "none")})
    (lost,) = found.evidence.summary.unreadable
    assert (lost.code, found.of("staging")) == ("engine-missing", [])
    assert "assay[kustomize]" in lost.fix


def test_each_distinct_input_is_rendered_once_and_a_warm_run_renders_nothing(tmp_path: Path) -> None:
    engine = StandIn(tmp_path / "bin")
    trees = [_tree("shop:1"), _tree("shop:2"), _tree("shop:1"), {**_tree("shop:1"), "README.md": "x"}]
    cold = _run(tmp_path, trees, engine)
    assert cold.kinds("staging") == ["initial", "forward", "rollback"]
    assert (engine.calls, cold.outcome.renderings) == (2, {"rendered": 2, "from cache": 0})
    warm = _run(tmp_path, trees, engine, "warm")
    assert (engine.calls, warm.outcome.renderings) == (2, {"rendered": 0, "from cache": 2})
    assert _bytes(cold.folder) == _bytes(warm.folder)


def test_another_version_of_the_engine_renders_anew(tmp_path: Path) -> None:
    _run(tmp_path, [_tree("shop:1")], StandIn(tmp_path / "bin"))
    newer = StandIn(tmp_path / "newer", version="v9.9.10")
    found = _run(tmp_path, [], newer, "again")
    assert newer.calls == 1
    assert found.evidence.summary.coverage.engines == ("kustomize v9.9.10",)


def test_a_flipped_bit_in_the_cache_is_rebuilt_with_a_warning(tmp_path: Path) -> None:
    engine = StandIn(tmp_path / "bin")
    cold = _run(tmp_path, [_tree("shop:1"), _tree("shop:2")], engine)
    for entry in (tmp_path / "cache").rglob("*"):
        if entry.is_file():
            data = bytearray(entry.read_bytes())
            data[len(data) // 2] ^= 4
            entry.write_bytes(data)
    again = _run(tmp_path, [], engine, "again")
    assert engine.calls == 4
    assert _images(again) == _images(cold)
    assert [w for w in again.outcome.warnings if "2 entries of the cache were damaged" in w]
    assert _bytes(again.folder) == _bytes(cold.folder)
    assert again.outcome.exit_code is ExitCode.OK
    third = _run(tmp_path, [], engine, "third")
    assert (engine.calls, _bytes(third.folder)) == (4, _bytes(cold.folder))


def test_layers_are_kept_too_a_batch_an_entry(tmp_path: Path) -> None:
    config = """
environments: {production: }
model:
  - values: ["s/{component}/values.yaml", "s/{component}/values-{environment}.yaml"]
    artifact: tag
"""
    tree = {f"s/c{n}/values.yaml": f"tag: '{n}'\nsecret_key: {CANARY}\n" for n in range(20)}
    trees = [tree, {**tree, "s/c3/values-production.yaml": "tag: '4'\n"}]
    repository = write_trees(tmp_path / "r", trees)
    runs = [gathered(repository, tmp_path / f"e{n}", config, cache=tmp_path / "cache") for n in range(2)]
    files = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    (entry,) = [file for file in files if b"cache-1\n" in file.read_bytes()[:64]]
    assert [file.name for file in files if CANARY.encode() in file.read_bytes()] == []
    assert CANARY.encode() not in zlib.decompress(entry.read_bytes().partition(b"cache-1\n")[2][32:])
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes(data)
    runs.append(gathered(repository, tmp_path / "e2", config, cache=tmp_path / "cache"))
    assert [len(run.outcome.warnings) for run in runs] == [0, 0, 1]
    assert len({tuple(_bytes(run.folder).items()) for run in runs}) == 1
    assert [len(d.changes) > 0 for d in runs[0].of("production")] == [True, True]


def test_no_secret_comes_to_rest_in_the_cache(tmp_path: Path) -> None:
    found = _run(
        tmp_path, [_tree("shop:1", _secret(CANARY)), _tree("shop:1", _secret("other"))], StandIn(tmp_path / "bin")
    )
    assert [c.aspect for d in found.of("staging")[1:] for c in d.changes] == ["secret"]
    kept = [entry.read_bytes() for entry in (tmp_path / "cache").rglob("*") if entry.is_file()]
    assert len(kept) == 2
    assert not any(CANARY.encode() in data for data in kept)


def test_what_another_key_masked_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    engine = StandIn(tmp_path / "bin")
    _run(tmp_path, [_tree("shop:1", _secret(CANARY))], engine)
    key = b"my own key"
    own = gathered(tmp_path / "r", tmp_path / "own", CONFIG, key=key, cache=tmp_path / "cache", engines=engine.named)
    without = gathered(tmp_path / "r", tmp_path / "without", CONFIG, key=key, engines=engine.named)
    assert _bytes(own.folder) == _bytes(without.folder)


@pytest.mark.parametrize("place", ["apps/staging/kustomization.yaml", "apps/staging/a.yaml"])
def test_a_link_is_never_followed_to_render(place: str, tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r")
    for path, content in _tree("shop:1").items():
        target = repository / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(str(content))
    (tmp_path / "outside").write_text(f"resources: []\n# {CANARY}\n")
    (repository / place).unlink()
    (repository / place).symlink_to(tmp_path / "outside")
    commit_all(repository)
    engine = StandIn(tmp_path / "bin")
    found = gathered(repository, tmp_path / "e", CONFIG + "provided: [x]\n", engines=engine.named)
    assert engine.calls == 0
    assert found.of("staging") == []
    reasons = [u.reason for u in found.evidence.summary.unreadable]
    assert (place.endswith("kustomization.yaml") and not reasons) or any("link" in reason for reason in reasons)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
