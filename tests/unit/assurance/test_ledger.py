"""Findings along a history: since when they stand, when they end, and at what line they stand now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rpds import HashTrieMap
from support.manifests import CONFIG, deployment
from support.replay import Gathered, gathered, write_trees

from generator.assurance.exemptions import Exemptions
from generator.assurance.findings import ComponentRule, Family, Finding, Level
from generator.assurance.ledger import FindingsLedger, Standing
from generator.declarations.entries import Declarations, Waiver
from generator.model.component import Aspect, Component, Field, Remark, Role, component
from generator.model.linking import Links
from generator.model.topology import Topology
from generator.timeline.state import Transition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.evidence.packs import FindingEntry

RULE = "dangling-reference"


def _read(tmp_path: Path, *trees: dict[str, str]) -> Gathered:
    return gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)


def _tree(*manifests: str, comment: str = "") -> dict[str, str]:
    return {f"deploy/{n}.yaml": f"{comment}{text}" for n, text in enumerate(manifests)}


def _standing(found: Gathered, rule: str = RULE) -> list[list[FindingEntry]]:
    """Return the findings of one rule at each deployment."""
    lists = found.evidence.findings("production")
    steps = []
    for one in found.of("production"):
        lists.advance(one.findings.object)
        steps.append([entry for entry in lists.entries.values() if entry.rule == rule])
    return steps


def _service(name: str) -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n"
        f"spec:\n  selector: {{app: {name}}}\n  ports: [{{port: 80}}]\n"
    )


API = deployment("api", env={"DB_HOST": "db:80"})
DB = deployment("db")


def test_a_finding_comes_stays_and_is_fixed(tmp_path: Path) -> None:
    whole = _tree(API, DB, _service("db"))
    found = _read(tmp_path, whole, _tree(API, DB), _tree(API.replace("api:1", "api:2"), DB), whole, _tree(API, DB))
    commits = [d.commit.id for d in found.of("production")]
    since = [[entry.since for entry in step] for step in _standing(found)]
    assert since == [[], [commits[1]], [commits[1]], [], [commits[4]]]
    (row,) = [f for f in found.evidence.summary.environments[0].findings if f.rule == RULE]
    assert (row.subject, row.since) == ("api", commits[4])


def test_the_line_follows_the_file(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        _tree(API),
        _tree(API, comment="# one\n# two\n"),
        _tree(API.replace("api:1", "api:2"), comment="# one\n"),
    )
    lines = [step[0].line for step in _standing(found)]
    (row,) = [f for f in found.evidence.summary.environments[0].findings if f.rule == RULE]
    assert row.line == lines[-1] == lines[0] + 1
    assert row.since == found.of("production")[0].commit.id, "moving down the page is no new finding"


def test_a_missing_name_of_another_component_is_found_and_fixed(tmp_path: Path) -> None:
    found = _read(tmp_path, _tree(API), _tree(API, DB, _service("db")), _tree(API, DB, _service("other")))
    assert [len(step) for step in _standing(found)] == [1, 0, 1]


def test_findings_of_the_commit_s_own_upstream(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"
    trees = [
        {"s/a.yaml": deployment(image=f"shop/api:{up}"), "p/a.yaml": deployment(image=f"shop/api:{here}")}
        for up, here in [(1, 1), (1, 2), (2, 2)]
    ]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", config)
    standing = found.evidence.summary.environments[1].findings
    assert "never-in-upstream" not in {f.rule for f in standing}, "upstream has it by now"
    assert [len(step) for step in _standing(found, "never-in-upstream")] == [0, 1]


def _remarked(one: Component) -> Iterator[Finding]:
    for remark in one.remarks:
        yield REMARKS.about(one, remark.message, field=remark.field)


def _large(one: Component) -> Iterator[Finding]:
    for field in one.fields:
        if int(field.value) > 5:
            yield LARGE.about(one, f"is {field.value}", field=field.name)


_rule = partial(ComponentRule, title="", why="", fix="", example="")
REMARKS = _rule(id="remarked", level=Level.ERROR, family=Family.SCHEMA, check=_remarked)
LARGE = _rule(id="large", level=Level.WARNING, family=Family.CONFIGURATION, check=_large)


class _State:
    """An environment whose components are set by hand."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.components: HashTrieMap[str, Component] = HashTrieMap()
        self.links = Links()

    def topology(self) -> Topology:
        return Topology(self.components, frozenset(), {}, ())

    def relink(self) -> None:
        """Have no links."""


class _Environment:
    """A ledger with two rules on an environment that is set by hand, and what is waived in it."""

    def __init__(self, *waivers: Waiver) -> None:
        """Start with nothing; `waivers` hold from the first commit on."""
        self.state, self.exemptions = _State(), Exemptions()
        self.exemptions.set(Declarations(waivers), "commit 0", 0)
        view = self.exemptions.of("production")
        self.ledger = FindingsLedger(self.state, None, (REMARKS, LARGE), view)  # type: ignore[arg-type]  # a part of it
        self.commits = 0

    def step(self, name: str, remarks: tuple[Remark, ...] = (), **settings: str) -> list[Standing]:
        """Return what stands after a commit that sets one component, a minute after the one before."""
        self.commits += 1
        fields = [Field(Aspect.CONFIG, key, value) for key, value in settings.items()]
        before = self.state.components
        old, new = before.get(name), component(name, Role.COMPONENT, "Deployment", fields=fields, remarks=remarks)
        self.state.components = before.insert(name, new)
        same = old is not None and old.digest == new.digest
        changed = {} if same else {name: old}
        moved = Transition(before, self.state.components, changed, {}, {name: None}, {}, (), (), "", "")
        self.ledger.update(moved, f"commit {self.commits}", self.commits * 60)
        return list(self.ledger.standing)


def _waiver(component: str = "*", field: str = "*", expires: int = 10**9) -> Waiver:
    return Waiver("large", "Platform", "old machines", expires, component, field, path="w.yaml", line=1)


def test_what_moved_without_a_change_is_assessed() -> None:
    here = _Environment()
    assert here.step("api", SIZE="1") == []
    (found,) = here.step("api", (Remark("schema", "error", "no such field"),), SIZE="1")
    assert (found.finding.message, found.since) == ("no such field", "commit 2")
    assert here.step("api", SIZE="1") == []


def test_a_waived_finding_stands_and_is_counted_apart() -> None:
    here = _Environment(_waiver("api"))
    here.step("api", SIZE="9")
    found = here.step("web", SIZE="9")
    assert [(s.finding.subject, s.exempt is not None) for s in found] == [("api", True), ("web", False)]
    assert (here.ledger.counts, here.ledger.waived) == ({"error": 0, "warning": 1, "note": 0}, 1)


def test_past_its_end_it_counts_again_with_its_age() -> None:
    here = _Environment(_waiver(expires=180))
    here.step("api", SIZE="9")
    here.ledger.settle()
    (found,) = here.step("api", SIZE="9")
    assert found.exempt is not None
    assert here.ledger.settle() == {}
    here.step("web", SIZE="1")
    assert here.ledger.settle() == {("large", "api", "SIZE"): Standing(found.finding, "commit 1", 60)}
    assert (here.ledger.counts["warning"], here.ledger.waived) == (1, 0)


def test_a_waiver_that_comes_and_goes_moves_what_stands() -> None:
    here = _Environment()
    here.step("api", SIZE="9")
    assert here.ledger.waived == 0
    here.exemptions.set(Declarations((_waiver(field="SIZE"),)), "commit 2", 120)
    (found,) = here.step("api", SIZE="9")
    assert (found.since, here.ledger.waived, here.ledger.counts["warning"]) == ("commit 1", 1, 0)
    here.exemptions.set(Declarations(), "commit 3", 180)
    here.ledger.exempt(180)
    assert (here.ledger.waived, here.ledger.counts["warning"]) == (0, 1)


def test_another_message_or_line_stays_waived() -> None:
    here = _Environment(_waiver("api", "SIZE"))
    here.step("api", SIZE="9")
    (found,) = here.step("api", SIZE="8")
    assert (found.finding.message, found.exempt is not None, here.ledger.waived) == ("is 8", True, 1)
    here.step("api", SIZE="1")
    assert (here.ledger.waived, here.ledger.counts["warning"]) == (0, 0)
