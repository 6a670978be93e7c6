"""Algebra of differences and digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from generator.model.component import Aspect, Component, Field, Role, component
from generator.model.difference import field_changes
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import SourceFile, Unit

if TYPE_CHECKING:
    import random

VALUES = st.sampled_from(["", "1", "1.0", "01", "A", "é"])
FIELDS = st.builds(Field, st.sampled_from(list(Aspect)), st.sampled_from(["a", "b", "c.d", "e[f]"]), VALUES)
COMPONENTS = st.builds(
    lambda kind, fields: component("api", Role.COMPONENT, kind, fields=fields),
    st.sampled_from(["Deployment", "StatefulSet"]),
    st.lists(FIELDS, max_size=6),
)


@given(COMPONENTS)
def test_a_component_does_not_differ_from_itself(one: Component) -> None:
    assert list(field_changes(one, one)) == []
    again = component(one.id, one.role, one.kind, fields=list(one.fields), path="elsewhere.yaml", line=9)
    assert list(field_changes(one, again)) == []


@given(COMPONENTS, COMPONENTS)
def test_swapping_the_sides_inverts_the_difference(one: Component, other: Component) -> None:
    there = {(c.subject, c.aspect, c.field, c.old, c.new) for c in field_changes(one, other)}
    back = {(c.subject, c.aspect, c.field, c.new, c.old) for c in field_changes(other, one)}
    assert there == back
    assert bool(there) == (one.digest != other.digest)


@given(COMPONENTS)
def test_coming_is_the_inverse_of_going(one: Component) -> None:
    came = [(c.aspect, c.field, c.old, c.new) for c in field_changes(None, one)]
    gone = [(c.aspect, c.field, c.new, c.old) for c in field_changes(one, None)]
    assert came == gone != []


@given(COMPONENTS, COMPONENTS)
def test_applying_a_difference_gives_the_other_side(one: Component, other: Component) -> None:
    fields = {(f.aspect, f.name): f.value for f in one.fields}
    kind = one.kind
    for change in field_changes(one, other):
        if (change.aspect, change.field) == (Aspect.TOPOLOGY, "kind"):
            kind = change.new or ""
        elif change.new is None:
            del fields[change.aspect, change.field]
        else:
            assert fields.get((change.aspect, change.field)) == change.old
            fields[change.aspect, change.field] = change.new
    built = component("api", Role.COMPONENT, kind, fields=[Field(a, n, v) for (a, n), v in fields.items()])
    assert built.digest == other.digest


@given(st.lists(FIELDS, max_size=6, unique_by=lambda f: (f.aspect, f.name)), st.randoms(use_true_random=False))
def test_the_digest_ignores_the_order_of_fields(fields: list[Field], order: random.Random) -> None:
    shuffled = list(fields)
    order.shuffle(shuffled)
    one, other = (component("api", Role.COMPONENT, "Deployment", fields=f) for f in (fields, shuffled))
    assert (one.digest, one.state) == (other.digest, other.state)


ENV = st.dictionaries(st.sampled_from(["LOG", "LEVEL", "HOST", "SIZE"]), st.sampled_from(["1", "no", "010", "a b"]))


def _manifest(env: dict[str, str], order: random.Random, *, flow: bool) -> bytes:
    """Return one Deployment, its keys and variables in some order and its layout in one of two forms."""
    pairs = list(env.items())
    order.shuffle(pairs)
    if flow:
        told = ", ".join(f'{{"value": "{v}", "name": {k}}}' for k, v in pairs)
        variables = f"        env: [{told}]  # why\n"
    else:
        variables = "        env:\n" + "".join(f"        - name: {k}\n          value: '{v}'\n" for k, v in pairs)
    parts = ["        image: a:1\n", variables if pairs else "", "        name: server\n"]
    order.shuffle(parts)
    body = "".join(parts)
    head = ["apiVersion: apps/v1\n", "kind: Deployment\n", "metadata: {name: api}\n"]
    order.shuffle(head)
    spec = f"spec:\n  template:\n    spec:\n      containers:\n      -{body[7:]}"
    return ("# a comment\n" * flow + "".join(head) + spec).encode()


def _mask(value: str) -> str:
    return f"secret:{value}"


@given(ENV, st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_the_digest_ignores_order_and_layout_of_the_file(
    env: dict[str, str], one: random.Random, other: random.Random
) -> None:
    texts = [_manifest(env, one, flow=False), _manifest(env, other, flow=True)]
    found = [KubernetesReader().read(Unit(""), [SourceFile(f"{n}.yaml", t)], _mask) for n, t in enumerate(texts)]
    assert [r.problems for r in found] == [(), ()]
    digests = {c.digest for r in found for c in r.components}
    assert len(digests) == 1, texts
