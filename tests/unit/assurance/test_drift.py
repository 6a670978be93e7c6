"""The drift register, on two sides whose components are set by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.assurance.drift import DriftClass, DriftItem, DriftRegister
from generator.assurance.exemptions import Exempt, Exemptions
from generator.declarations.entries import Acceptance, Declarations
from generator.model.component import Aspect, Component, Field, How, Role, component
from generator.model.expectation import expected_reason
from generator.model.topology import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable


def _api(image: str = "", kind: str = "Deployment", **settings: str) -> Component:
    fields = [Field(Aspect.CONFIG, name, value) for name, value in settings.items()]
    fields += [Field(Aspect.ARTIFACT, "image", image)] if image else []
    return component("api", Role.COMPONENT, kind, fields=fields)


class _Side:
    """An environment as drift sees it."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.now: dict[str, Component] = {}
        self.past: set[tuple[str, Aspect, str, str]] = set()
        self.links: dict[str, tuple[Connection, ...]] = {}
        self.expected: dict[str, str] = {}

    @property
    def exists(self) -> bool:
        return bool(self.now)

    def component(self, identity: str, /) -> Component | None:
        return self.now.get(identity)

    def edges(self, identity: str, /) -> tuple[Connection, ...]:
        return self.links.get(identity, ())

    def had(self, subject: str, aspect: Aspect, field: str, value: str, /) -> bool:
        return (subject, aspect, field, value) in self.past

    def put(self, one: Component) -> None:
        """Replace a component and remember its values."""
        self.now[one.id] = one
        self.past |= {(one.id, f.aspect, f.name, f.value) for f in one.fields}


class _Pair:
    """Two sides and their register; `step` sets both and compares."""

    def __init__(self) -> None:
        """Start with nothing on either side."""
        self.up, self.here, self.exemptions = _Side(), _Side(), Exemptions()
        self.register = DriftRegister(self.up, self.here, self.exemptions.of("production"))
        self.commits = 0

    def step(self, up: Component | None, here: Component | None, others: Iterable[str] = ()) -> list[DriftItem]:
        """Return the items that stand after a commit at which the two sides are as given."""
        self.commits += 1
        for side, one in ((self.up, up), (self.here, here)):
            if one is None:
                side.now.pop("api", None)
            else:
                side.put(one)
        self.register.update({"api", *others}, f"commit {self.commits}", self.commits * 60)
        return list(self.register.items)


@pytest.fixture
def pair() -> _Pair:
    return _Pair()


def test_equal_sides_have_none(pair: _Pair) -> None:
    assert pair.step(_api("A", LEVEL="1"), _api("A", LEVEL="1")) == []
    assert pair.register.assessed


def test_each_class(pair: _Pair) -> None:
    pair.step(_api("A", LEVEL="1", SAME="1"), _api("A", LEVEL="1", SAME="1"))
    items = pair.step(_api("B", LEVEL="2", SAME="1", MORE="1"), _api("A", LEVEL="1", SAME="3", LESS="1"))
    assert {i.field: (i.drift, i.upstream, i.value) for i in items} == {
        "image": (DriftClass.PENDING, "B", "A"),
        "LEVEL": (DriftClass.PENDING, "2", "1"),
        "SAME": (DriftClass.CONFIG, "1", "3"),
        "MORE": (DriftClass.STRUCTURE, "1", None),
        "LESS": (DriftClass.STRUCTURE, None, "1"),
    }
    counts = {DriftClass.PENDING: 2, DriftClass.CONFIG: 1, DriftClass.STRUCTURE: 2, DriftClass.AHEAD: 0}
    assert pair.register.counts == counts


def test_an_artifact_that_upstream_never_had_is_ahead(pair: _Pair) -> None:
    pair.step(_api("A"), _api("A"))
    (item,) = pair.step(_api("A"), _api("X"))
    assert item.drift is DriftClass.AHEAD


def test_ahead_becomes_pending_once_upstream_had_it(pair: _Pair) -> None:
    pair.step(_api("A"), _api("X"))
    assert pair.step(_api("X"), _api("X")) == []
    (item,) = pair.step(_api("A"), _api("X"))
    assert item.drift is DriftClass.PENDING


def test_the_age_goes_on_while_values_differ_and_ends_with_equality(pair: _Pair) -> None:
    pair.step(_api("A"), _api("A"))
    assert pair.step(_api("B"), _api("A"))[0].since == "commit 2"
    assert pair.step(_api("C"), _api("A"))[0].since == "commit 2", "another value resets nothing"
    (item,) = pair.step(_api("C"), _api("B"))
    assert (item.since, item.since_time) == ("commit 2", 120)
    assert pair.step(_api("C"), _api("C")) == []
    assert pair.step(_api("D"), _api("C"))[0].since == "commit 6"


def test_a_component_on_one_side_alone_is_one_item(pair: _Pair) -> None:
    pair.here.put(component("web", Role.COMPONENT, "Deployment"))
    items = pair.step(_api("A", LEVEL="1"), None, ["web"])
    assert [(i.component, i.field, i.upstream, i.value) for i in items] == [
        ("api", "component", "Deployment", None),
        ("web", "component", None, "Deployment"),
    ]


def test_connections_count_as_structure(pair: _Pair) -> None:
    pair.up.links["api"] = (Connection("api", "db", How.INFERRED, "5432"),)
    (item,) = pair.step(_api("A"), _api("A"))
    assert (item.aspect, item.field, item.upstream, item.value) == (
        Aspect.TOPOLOGY,
        "connection to db",
        "inferred",
        None,
    )


def test_nothing_is_assessed_without_two_sides(pair: _Pair) -> None:
    assert pair.step(_api("A"), None) == []
    assert not pair.register.assessed
    assert len(pair.step(_api("A"), _api("B"))) == 1
    assert pair.step(None, _api("B")) == []
    assert (pair.register.assessed, sum(pair.register.counts.values())) == (False, 0)


def test_what_changed_is_told_once(pair: _Pair) -> None:
    pair.step(_api("A"), _api("A"))
    pair.step(_api("B"), _api("A"))
    path = ("api", "artifact", "image")
    told = pair.register.settle()
    assert [*told] == [path]
    assert pair.register.settle() == {}
    pair.step(_api("B"), _api("B"))
    assert pair.register.settle() == {path: None}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("api", True),
        ("api settings.LIMIT", True),
        ("a* settings.*", True),
        ("* settings.LIMIT", True),
        ("api settings.OTHER", False),
        ("web", False),
        ("API", False),
    ],
)
def test_declared_differences(pattern: str, expected: bool) -> None:  # noqa: FBT001 - a row of a table
    path = ("api", "config", "settings.LIMIT")
    assert bool(expected_reason(path, {pattern: "more traffic"})) is expected


def test_declared_differences_are_counted_apart(pair: _Pair) -> None:
    pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="5"))
    pair.here.expected = {"api LIMIT": "more traffic"}
    (item,) = pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="6"))
    assert (item.expected, item.since) == ("more traffic", "commit 1")
    assert (sum(pair.register.counts.values()), pair.register.expected) == (0, 1)
    pair.here.expected = {}
    (item,) = pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="6"))
    assert (item.expected, sum(pair.register.counts.values()), pair.register.expected) == ("", 1, 0)


def _accept(pair: _Pair, *, field: str = "LIMIT", drift: str = "*", expires: int = 10**9) -> None:
    entry = Acceptance("api", "Payments", "until the move", expires, field, drift, path="a.yaml", line=1)
    pair.exemptions.set(Declarations(acceptances=(entry,)), "declared", None)


def test_an_accepted_item_stands_with_its_age_and_is_counted_apart(pair: _Pair) -> None:
    pair.step(_api("A", LIMIT="1", SIZE="1"), _api("A", LIMIT="5", SIZE="5"))
    _accept(pair)
    assert pair.register.outdated
    items = pair.step(_api("A", LIMIT="1", SIZE="1"), _api("A", LIMIT="6", SIZE="5"))
    exempt = Exempt("Payments", "until the move", 10**9, "a.yaml:1")
    assert [(i.field, i.exempt, i.since, i.counted) for i in items] == [
        ("LIMIT", exempt, "commit 1", False),
        ("SIZE", None, "commit 1", True),
    ]
    assert (pair.register.counts[DriftClass.CONFIG], pair.register.accepted) == (1, 1)
    pair.exemptions.set(Declarations(), "withdrawn", None)
    (item, _) = pair.step(_api("A", LIMIT="1", SIZE="1"), _api("A", LIMIT="6", SIZE="5"))
    assert (item.exempt, item.since, pair.register.counts[DriftClass.CONFIG]) == (None, "commit 1", 2)


def test_past_its_end_it_counts_again_without_another_change(pair: _Pair) -> None:
    _accept(pair, expires=600)
    pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="5"))
    assert pair.register.accepted == 1
    pair.register.settle()
    pair.register.exempt(599)
    assert (pair.register.accepted, pair.register.settle()) == (1, {})
    pair.register.exempt(600)
    assert (pair.register.accepted, sum(pair.register.counts.values())) == (0, 1)
    assert [*pair.register.settle()] == [("api", "config", "LIMIT")]


def test_an_acceptance_of_one_class_ends_with_the_class(pair: _Pair) -> None:
    _accept(pair, drift="config")
    pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="5"))
    assert pair.register.accepted == 1
    pair.up.past.add(("api", Aspect.CONFIG, "LIMIT", "5"))
    (item,) = pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="5"))
    assert (item.drift, item.exempt, pair.register.accepted) == (DriftClass.PENDING, None, 0)


def test_what_is_expected_needs_no_acceptance(pair: _Pair) -> None:
    _accept(pair)
    pair.here.expected = {"api LIMIT": "more traffic"}
    (item,) = pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="5"))
    assert (item.expected, item.exempt) == ("more traffic", None)
    assert (pair.register.expected, pair.register.accepted) == (1, 0)
    pair.here.expected = {}
    pair.step(_api("A", LIMIT="1"), _api("A", LIMIT="5"))
    assert (pair.register.expected, pair.register.accepted) == (0, 1)
