"""Measures that go on from the last report are those of all deployments, whatever came and whenever."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.config.metrics import Metrics
from generator.evidence import folding, memo
from generator.evidence.delivery_records import RecordLine
from generator.evidence.facts import facts_of
from generator.evidence.folding import Folds
from generator.evidence.gathered_facts import FactsFold
from generator.evidence.measuring import measured_again, settings_in, write_metrics
from generator.evidence.metrics import PeriodMetrics
from generator.evidence.profiles import profile_figures
from generator.evidence.reading import DEPLOYMENTS, RECORDS, Evidence
from generator.evidence.samples import samples
from generator.history.commits import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.evidence.store import EvidenceStore
    from generator.evidence.summary import Summary

START, DAY = 1_600_000_000, 86_400
CHAIN = {"dev": "", "staging": "dev", "production": "staging", "dr": "staging"}
PARTS = ["cart", "web", "api"]
KINDS = ["forward"] * 6 + ["rollback", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap"]


class Written(NamedTuple):
    """What a report says."""

    lines: list[bytes]
    summary: Summary


class Folder:
    """Evidence that is written, as far as measures need it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[bytes] = []

    def flush(self) -> None:
        """Everything is there already."""

    def metrics(self, lines: Iterator[bytes]) -> None:
        self.lines = list(lines)


class History:
    """A history at random: several environments, remedies of all kinds, incidents, and clocks that differ."""

    def __init__(self, seed: int, length: int, back: float) -> None:
        self.random, self._numbers = Random(seed), dict.fromkeys(CHAIN, 0)  # noqa: S311 - no secret
        self._back, self._now = back, START
        self.times: list[int] = []
        self.lines = [self._line() for _ in range(length)]

    def _line(self) -> bytes:
        random = self.random
        name = random.choice(list(CHAIN))
        number = self._numbers[name] = self._numbers[name] + 1
        self._now += random.choice([0, 3600, DAY, 9 * DAY])
        time = self._now - (random.randrange(40 * DAY) if random.random() < self._back else 0)
        self.times.append(time)
        kind = "initial" if number == 1 else random.choice(KINDS)
        changed = random.sample(PARTS, random.randrange(3)) if kind != "redeploy" else []
        line: dict[str, Any] = {
            "id": f"{name}-{number}", "environment": name, "sequence": number, "kind": kind,
            "commit": {
                "id": f"{len(self.times):040x}", "subject": "",
                "committed_at": rfc3339(time) if random.random() > self._back / 3 else "",
            },
            "digest": "", "previous_digest": "", "confidence": "observed", "reasons": [],
            "changes": [self._change(part, name, number, kind) for part in changed],
            "findings": {"object": ""}, "drift": None, "gates": {}, "triage": None,
            "bulk": random.random() < 0.1, "bypass": random.random() < 0.1,
        }  # fmt: skip
        if kind in {"hotfix", "roll-forward"} and number > 1 and random.random() < 0.7:
            line["mends"] = [f"{name}-{random.randrange(1, number)}"]
        if random.random() < 0.07:
            line["incidents"] = [f"INC-{random.randrange(4)}"]
        return msgspec.json.encode(line) + b"\n"

    def _change(self, part: str, name: str, number: int, kind: str) -> dict[str, Any]:
        random = self.random
        change: dict[str, Any] = {
            "component": part, "aspect": random.choice(["artifact"] * 5 + ["config"]), "field": "tag",
            "old": None, "new": f"1.{random.randrange(12)}", "origin": None,
            "kind": "forward" if kind in {"hotfix", "roll-forward", "redeploy"} else kind,
        }  # fmt: skip
        if kind == "rollback" and number > 1:
            change["culprit"] = f"{name}-{random.randrange(1, number)}"
        upstream = CHAIN[name]
        if upstream and self._numbers[upstream] and random.random() < 0.7:
            deployment = f"{upstream}-{random.randrange(1, self._numbers[upstream] + 1)}"
            change["origin"] = {"commit": "0", "at": "", "soak_seconds": None, "deployment": deployment}
            change["validation"] = "promoted"
        return change

    def cut(self, folder: Path, template: Summary, length: int) -> Evidence:
        """Return the evidence of the first `length` deployments at the time of the last of them."""
        (folder / "objects").mkdir(parents=True, exist_ok=True)
        (folder / DEPLOYMENTS).write_bytes(b"".join(self.lines[:length]))
        (folder / "objects/components.jsonl").write_bytes(b"")
        own = template.environments[-1]
        cells = [msgspec.structs.replace(own.cells[0], component=part, team=f"team {part[0]}") for part in PARTS[1:]]
        environments = tuple(
            msgspec.structs.replace(
                own, name=name, upstream=upstream, production=name in {"production", "dr"}, cells=tuple(cells)
            )
            for name, upstream in CHAIN.items()
        )
        as_of = rfc3339(self.times[length - 1])
        return Evidence.unfinished(folder, msgspec.structs.replace(template, as_of=as_of, environments=environments))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return Evidence(write_evidence(tmp_path_factory.mktemp("shop") / "evidence", 4)).summary


def _measured(evidence: Evidence, memory: Path | None = None) -> Written:
    store = Folder(evidence.folder)
    summary = write_metrics(cast("EvidenceStore", store), evidence.summary, Metrics(), memory)
    return Written(store.lines, summary)


def _seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the lines that are taken in from now on."""
    seen: list[int] = []
    take = FactsFold.take

    def noted(self: FactsFold, line: int, record: Any) -> None:  # noqa: ANN401 - handed on as it is
        seen.append(line)
        take(self, line, record)

    monkeypatch.setattr(FactsFold, "take", noted)
    return seen


@pytest.mark.parametrize("back", [0.0, 0.15])
@pytest.mark.parametrize("seed", range(4))
def test_measures_go_on_from_any_cut(
    tmp_path: Path, template: Summary, monkeypatch: pytest.MonkeyPatch, seed: int, back: float
) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    length = 90
    history, memory = History(seed, length, back), tmp_path / "memory"
    seen = _seen(monkeypatch)
    cuts = sorted({1, length, *history.random.sample(range(2, length), 9)})
    for before, cut in zip([0, *cuts], cuts, strict=False):
        evidence = history.cut(tmp_path / "evidence", template, cut)
        seen.clear()
        gone_on = _measured(evidence, memory)
        if not back:
            assert seen == list(range(before + 1, cut + 1))
        assert gone_on == _measured(evidence)


@pytest.mark.parametrize("seed", range(4, 12))
def test_what_is_gathered_in_any_order_is_what_all_deployments_give(
    tmp_path: Path, template: Summary, seed: int
) -> None:
    evidence = History(seed, 150, 0.2).cut(tmp_path / "evidence", template, 150)
    written = _measured(evidence)
    again = Evidence.unfinished(evidence.folder, written.summary)
    facts, settings = facts_of(again), settings_in(written.summary)
    assert [_read(line) for line in written.lines] == list(measured_again(again, facts))
    assert settings.as_of is not None
    assert written.summary.metrics.profiles == profile_figures(facts, settings.as_of, settings.observation)


def _read(line: bytes) -> PeriodMetrics:
    return msgspec.json.decode(line, type=PeriodMetrics)


def test_samples_go_on(tmp_path: Path, template: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    history, memory, seen = History(1, 60, 0.0), tmp_path / "memory", _seen(monkeypatch)
    for cut in (40, 55, 60):
        evidence = history.cut(tmp_path / "evidence", template, cut)
        folds = Folds(evidence, memory)
        seen.clear()
        found = samples(evidence, folds)
        folds.keep()
        assert len(seen) == {40: 40, 55: 15, 60: 5}[cut]
        whole = samples(evidence)
        assert found.keys() == whole.keys()
        for name, one in found.items():
            assert one._replace(times={}) == whole[name]._replace(times={})
            assert dict(one.times) == dict(whole[name].times)
            assert len(one.times) == len(dict(one.times))


def test_nothing_has_a_time_that_is_no_deployment(tmp_path: Path, template: Summary) -> None:
    times = samples(History(1, 30, 0.0).cut(tmp_path / "evidence", template, 30))["dev"].times
    assert next(iter(times)) in times
    assert not {"dev-0", "dev-01", "dev-x", "dev-999", "staging-1", ""} & times.keys()


def test_it_begins_anew_where_records_or_the_future_tell_more(
    tmp_path: Path, template: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    history, memory, seen = History(3, 30, 0.0), tmp_path / "memory", _seen(monkeypatch)
    history.times[19] -= 400 * DAY
    for cut, taken in ((20, 20), (25, 25), (26, 1)):
        seen.clear()
        evidence = history.cut(tmp_path / "evidence", template, cut)
        gone_on = _measured(evidence, memory)
        assert len(seen) == taken
        assert gone_on == _measured(evidence)
    record = RecordLine("incident", "INC-9", "production", deployments=("production-1",), detected=rfc3339(START))
    (evidence.folder / RECORDS).write_bytes(msgspec.json.encode(record) + b"\n")
    seen.clear()
    gone_on = _measured(evidence, memory)
    assert len(seen) == 26
    assert gone_on == _measured(evidence)


def test_a_memo_that_is_damaged_holds_nothing(tmp_path: Path) -> None:
    path, made = tmp_path / "kept" / "x.memo", list[bytes]()

    def make() -> bytes:
        made.append(b"1")
        return b"1"

    for damage in (False, False, True):
        if damage:
            path.write_bytes(path.read_bytes()[:-1])
        kept = memo.Memo(path)
        assert kept.get(b"key", make) == b"1"
        kept.keep()
    assert len(made) == 2
