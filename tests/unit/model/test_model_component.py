from __future__ import annotations

import msgspec

from generator.model.component import Aspect, Component, Field, How, Port, Reference, Role, component
from generator.model.difference import connection_changes, field_changes
from generator.model.digest import TopologyDigest
from generator.model.topology import Connection

FIELDS = [
    Field(Aspect.ARTIFACT, "image", "a:1", 5),
    Field(Aspect.CONFIG, "env.A", "1", 7),
    Field(Aspect.SCALE, "replicas", "2", 3),
]
REFERENCE = Reference(Role.COMPONENT, "db", How.INFERRED, "env.A", port="5432", line=7)


def _api(fields: list[Field] | None = None, kind: str = "Deployment", path: str = "", line: int = 0) -> Component:
    return component("api", Role.COMPONENT, kind, fields=FIELDS if fields is None else fields, path=path, line=line)


def test_order_and_place_are_no_part_of_the_digest() -> None:
    moved = [msgspec.structs.replace(f, line=f.line + 10, path="far.yaml") for f in reversed(FIELDS)]
    assert _api().digest == _api(moved, path="b.yaml", line=9).digest
    assert _api().state == _api(moved, path="b.yaml", line=9).state
    ports = [Port("http", "80"), Port("admin", "81")]
    one, other = (
        component("a", Role.COMPONENT, "Pod", ports=p, names=n)
        for p, n in ((ports, ("x", "y")), (ports[::-1], ("y", "x")))
    )
    assert one.digest == other.digest


def test_what_it_is_makes_the_digest() -> None:
    digests = {
        _api().digest,
        _api(kind="StatefulSet").digest,
        _api(FIELDS[:2]).digest,
        _api([*FIELDS[:2], Field(Aspect.SCALE, "replicas", "3")]).digest,
        component("api", Role.COMPONENT, "Deployment", fields=FIELDS, references=[REFERENCE]).digest,
        component("api", Role.COMPONENT, "Deployment", fields=FIELDS, labels=(("app", "api"),)).digest,
        component("api", Role.COMPONENT, "Deployment", fields=FIELDS, ports=[Port("", "80")]).digest,
        component("api", Role.VOLUME, "Deployment", fields=FIELDS).digest,
        component("web", Role.COMPONENT, "Deployment", fields=FIELDS).digest,
    }
    assert len(digests) == 9


def test_capacity_and_namespace_are_no_version() -> None:
    more = [*FIELDS[:2], Field(Aspect.SCALE, "replicas", "9")]
    assert _api(more).state == _api().state
    there = component("api", Role.COMPONENT, "Deployment", fields=FIELDS, namespace="blue")
    assert there.digest == _api().digest


def test_of_two_values_the_last_counts() -> None:
    twice = [Field(Aspect.CONFIG, "env.A", "0"), Field(Aspect.CONFIG, "env.A", "1")]
    assert [f.value for f in _api(twice).fields] == ["1"]


def test_changes_name_what_differs() -> None:
    new = [
        Field(Aspect.ARTIFACT, "image", "a:2"),
        Field(Aspect.CONFIG, "env.B", "1"),
        Field(Aspect.SCALE, "replicas", "2"),
    ]
    changes = field_changes(_api(), _api(new, kind="StatefulSet"))
    found = [(c.subject, c.aspect, c.field, c.old, c.new) for c in changes]
    assert found == [
        ("api", Aspect.TOPOLOGY, "kind", "Deployment", "StatefulSet"),
        ("api", Aspect.ARTIFACT, "image", "a:1", "a:2"),
        ("api", Aspect.CONFIG, "env.A", "1", None),
        ("api", Aspect.CONFIG, "env.B", None, "1"),
    ]


def test_a_whole_component_comes_and_goes_with_its_artifacts() -> None:
    came, gone = list(field_changes(None, _api())), list(field_changes(_api(), None))
    assert [(c.field, c.old, c.new) for c in came] == [("component", None, "Deployment"), ("image", None, "a:1")]
    assert [(c.field, c.old, c.new) for c in gone] == [("component", "Deployment", None), ("image", "a:1", None)]
    assert list(field_changes(None, None)) == []


def test_connections_come_and_go() -> None:
    old = [Connection("a", "b", How.INFERRED, "80"), Connection("a", "c", How.INFERRED)]
    new = [Connection("a", "b", How.DECLARED, "80"), Connection("a", "d", How.DECLARED, "1")]
    found = [(c.subject, c.old, c.new) for c in connection_changes(old, new)]
    assert found == [("a -> c", "inferred", None), ("a -> d :1", None, "declared")]


def test_the_digest_of_a_topology_follows_its_components() -> None:
    one, other = _api(), component("web", Role.COMPONENT, "Deployment")
    grown, built = TopologyDigest(), TopologyDigest()
    empty = grown.hexdigest()
    grown.replace(None, one)
    only_one = grown.hexdigest()
    grown.replace(None, other)
    built.replace(None, other)
    built.replace(None, one)
    assert grown.hexdigest() == built.hexdigest() != only_one
    changed = _api(FIELDS[:1])
    grown.replace(one, changed)
    assert grown.hexdigest() != built.hexdigest()
    grown.replace(changed, one)
    grown.replace(other, None)
    assert grown.hexdigest() == only_one
    grown.replace(one, None)
    assert grown.hexdigest() == empty
