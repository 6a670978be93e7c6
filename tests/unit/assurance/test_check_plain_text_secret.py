from __future__ import annotations

import pytest

from generator.assurance.checks.plain_text_secret import RULE
from generator.model.component import Aspect, Component, Field, How, Reference, Role, component

FINGERPRINT = "secret:0123456789abcdef"


def holding(role: Role, aspect: Aspect = Aspect.SECRET) -> Component:
    return component("shop", role, "x", fields=[Field(aspect, "data.PASSWORD", FINGERPRINT, 7)], path="shop.yaml")


@pytest.mark.parametrize("role", [Role.COMPONENT, Role.CONFIG])
def test_a_secret_outside_of_a_secret_is_found_and_not_shown(role: Role) -> None:
    (finding,) = RULE.check(holding(role))
    assert finding.identity == ("plain-text-secret", "shop", "data.PASSWORD")
    assert (finding.level, finding.path, finding.line) == ("error", "shop.yaml", 7)
    assert FINGERPRINT not in finding.message
    assert FINGERPRINT.partition(":")[2] not in finding.message


@pytest.mark.parametrize("role", [Role.SECRET, Role.EXPOSURE])
def test_a_secret_in_a_secret_is_not(role: Role) -> None:
    assert not list(RULE.check(holding(role)))


def test_an_ordinary_setting_is_not() -> None:
    assert not list(RULE.check(holding(Role.CONFIG, Aspect.CONFIG)))


def test_a_reference_to_a_secret_is_not() -> None:
    reference = Reference(Role.SECRET, "db", How.REFERENCE, "server.env.DB_PASSWORD", key="password")
    assert not list(RULE.check(component("api", Role.COMPONENT, "Deployment", references=[reference])))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("encrypted:0123456789ab", 0),
        ("user=app password=encrypted:0123456789ab", 0),
        ("user=app password=encrypted:0123456789ab token=secret:0123456789ab", 1),
        ("encrypted:canary", 1),
    ],
)
def test_what_is_encrypted_in_the_repository_is_no_plain_text(value: str, found: int) -> None:
    made = component("api", Role.COMPONENT, "values", fields=[Field(Aspect.SECRET, "db.password", value, 3)])
    assert len(list(RULE.check(made))) == found


def test_an_empty_value_hides_nothing() -> None:
    empty = component("shop", Role.CONFIG, "ConfigMap", fields=[Field(Aspect.SECRET, "data.PASSWORD", "")])
    assert not list(RULE.check(empty))


def test_a_secret_inside_of_a_file_is_a_warning() -> None:
    text = "url=jdbc:postgresql://db/orders\npassword=secret:0123456789ab\n"
    made = component("shop", Role.CONFIG, "ConfigMap", fields=[Field(Aspect.CONFIG, "data.app.properties", text, 3)])
    (finding,) = RULE.check(made)
    assert finding.level == "warning"
    assert finding.message == "shop has what looks like a secret in plain text, inside of `data.app.properties`"


def test_a_word_that_looks_like_a_mark_is_no_secret() -> None:
    text = "kind: secret\nname: secret:orders\nother: secret:0123456789abcdef\n"
    made = component("shop", Role.CONFIG, "ConfigMap", fields=[Field(Aspect.CONFIG, "data.app.yaml", text, 3)])
    assert not list(RULE.check(made))
