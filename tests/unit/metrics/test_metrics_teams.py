from __future__ import annotations

import pytest

from generator.metrics.codeowners import parse_codeowners
from generator.metrics.teams import LONGEST_TEAM, Teams
from generator.model.component import Aspect, Component, Field, Role, component

OWNERS, _ = parse_codeowners(b"/deploy/ @org/ops @org/a\n", "CODEOWNERS")


def made(*fields: Field, labels: tuple[tuple[str, str], ...] = (), path: str = "deploy/shop.yaml") -> Component:
    return component("shop", Role.COMPONENT, "Deployment", fields=fields, labels=labels, path=path)


def teams(label: str = "team") -> Teams:
    return Teams(label, OWNERS, lambda text: text.replace("hunter2", "secret"))


def test_the_label_of_the_object_comes_before_that_of_its_pods_and_both_before_the_owners() -> None:
    own = Field(Aspect.CONFIG, "labels.team", "shop")
    assert teams().of(made(own, labels=(("team", "pods"),))) == "shop"
    assert teams().of(made(labels=(("team", "pods"),))) == "pods"
    assert teams().of(made()) == "@org/a, @org/ops"
    assert teams().of(made(path="")) == ""
    assert teams("").of(made(own)) == "@org/a, @org/ops"


def test_a_label_without_a_text_names_nobody() -> None:
    assert teams().of(made(Field(Aspect.CONFIG, "labels.team", " "))) == "@org/a, @org/ops"


def test_a_secret_label_is_no_team() -> None:
    assert teams().of(made(Field(Aspect.SECRET, "labels.team", "f00ba7"))) == "@org/a, @org/ops"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a\nb", "a b"), ("hunter2", "secret"), ("a\u202eb", "a\\u202eb"), ("x" * 300, "x" * (LONGEST_TEAM - 1) + "…")],
)
def test_a_team_is_one_printable_line(value: str, shown: str) -> None:
    assert teams().of(made(Field(Aspect.CONFIG, "labels.team", value))) == shown
