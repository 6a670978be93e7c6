from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from generator.assurance.checks import key_not_in_production, never_in_upstream
from generator.model.component import Aspect, Component, Field, How, Reference, Role, component

if TYPE_CHECKING:
    from generator.assurance.findings import Finding


@dataclass(frozen=True)
class Upstream:
    """An upstream environment with at most one component, and what it ever had."""

    now: Component | None = None
    ever: tuple[tuple[str, Aspect, str, str], ...] = ()
    exists: bool = True
    name: str = "staging"

    def component(self, component_id: str, /) -> Component | None:
        return self.now if self.now and self.now.id == component_id else None

    def had(self, component_id: str, aspect: Aspect, field: str, value: str, /) -> bool:
        return (component_id, aspect, field, value) in self.ever


def made(*fields: Field, kind: str = "Deployment", references: tuple[Reference, ...] = ()) -> Component:
    return component("api", Role.COMPONENT, kind, fields=fields, references=references, path="prod.yaml", line=9)


def setting(name: str, aspect: Aspect = Aspect.CONFIG) -> Field:
    return Field(aspect, name, "5s", 40)


def missing(here: Component, above: Component | None, *, exists: bool = True) -> list[str]:
    return [finding.field for finding in key_not_in_production.RULE.check(here, Upstream(above, exists=exists))]


@pytest.mark.parametrize("name", ["server.env.TIMEOUT", "env.TIMEOUT", "settings.timeout", "data.TIMEOUT"])
def test_a_key_that_only_upstream_has_is_found(name: str) -> None:
    found: list[Finding] = list(key_not_in_production.RULE.check(made(), Upstream(made(setting(name)))))
    assert [finding.identity for finding in found] == [("key-not-in-production", "api", name)]
    assert (found[0].level, found[0].path, found[0].line) == ("warning", "prod.yaml", 9)
    assert "staging" in found[0].message


def test_every_setting_of_values_is_a_key() -> None:
    assert missing(made(kind="values"), made(setting("ttl"), kind="values")) == ["ttl"]


def test_a_missing_branch_of_values_is_one_finding() -> None:
    above = made(setting("cache.redis.host"), setting("cache.redis.port"), setting("log.level"), kind="values")
    assert missing(made(setting("log.format"), kind="values"), above) == ["cache", "log.level"]


def test_many_settings_of_one_name_are_one_finding() -> None:
    here = [setting(f"limits.{who}.second") for who in ("bot", "browser", "reader", "writer", "*")]
    above = [*here, *(setting(f"limits.{who}.minute") for who in ("bot", "browser", "reader")), setting("limits.max")]
    found = list(
        key_not_in_production.RULE.check(made(*here, kind="values"), Upstream(made(*above, kind="values"), exists=True))
    )
    assert [finding.field for finding in found] == ["limits.*.minute", "limits.max"]
    assert found[0].message == ("api has no `limits.*.minute` for bot, browser and reader here, but has it in staging")
    few = [*here, *(setting(f"limits.{who}.minute") for who in ("bot", "browser"))]
    assert missing(made(*here, kind="values"), made(*few, kind="values")) == [
        "limits.bot.minute",
        "limits.browser.minute",
    ]


def test_what_is_named_after_the_upstream_is_meant_for_it() -> None:
    above = [setting("ingress.port"), setting("ingress.staging"), setting("ingress.stagingPort")]
    here = made(setting("ingress.port"), kind="values")
    assert missing(here, made(*above, kind="values")) == ["ingress.stagingPort"]


def test_an_empty_branch_upstream_is_here_when_something_is_in_it() -> None:
    above = made(setting("resources"), setting("hosts"), kind="values")
    here = made(setting("resources.limits.cpu"), setting("hosts[0]"), kind="values")
    assert missing(here, above) == []


def test_lists_are_compared_by_name_and_not_by_place() -> None:
    above = made(setting("hosts[0]"), setting("hosts[1].port"), setting("extra[ttl].value"), kind="values")
    here = made(setting("hosts[0]"), setting("extra[size].value"), kind="values")
    assert missing(here, above) == ["extra[ttl]"]


def test_the_notes_of_an_encrypted_file_are_no_settings() -> None:
    assert missing(made(kind="values"), made(setting("sops.lastmodified"), kind="values")) == []


def test_a_key_that_is_here_with_another_value_is_not_found() -> None:
    here = made(Field(Aspect.CONFIG, "env.TIMEOUT", "9s"))
    assert missing(here, made(setting("env.TIMEOUT"))) == []


def test_a_key_that_only_this_environment_has_is_not_found() -> None:
    assert missing(made(setting("env.TIMEOUT")), made()) == []


def test_a_key_that_is_a_secret_or_a_reference_here_is_here() -> None:
    above = made(setting("env.DB"))
    assert missing(made(setting("env.DB", Aspect.SECRET)), above) == []
    reference = Reference(Role.CONFIG, "shop", How.REFERENCE, "env.DB", key="DB")
    assert missing(made(references=(reference,)), above) == []


def test_fields_of_the_platform_are_no_keys() -> None:
    assert missing(made(), made(setting("server.readinessProbe.timeoutSeconds"), setting("environment"))) == []
    assert missing(made(), made(setting("env.PORT", Aspect.EXPOSURE), setting("server.image", Aspect.ARTIFACT))) == []


def test_variables_may_have_moved_into_a_set() -> None:
    moved = Reference(Role.CONFIG, "shop", How.REFERENCE, "server.envFrom")
    above = made(setting("server.env.TIMEOUT"))
    assert missing(made(references=(moved,)), above) == []
    both = made(setting("server.env.TIMEOUT"), references=(moved,))
    assert missing(made(references=(moved,)), both) == ["server.env.TIMEOUT"]


def test_without_upstream_or_without_the_component_there_nothing_is_said() -> None:
    assert missing(made(), None) == []
    assert missing(made(), made(setting("env.A")), exists=False) == []


def bypasses(here: Component, upstream: Upstream) -> list[str]:
    return [finding.field for finding in never_in_upstream.RULE.check(here, upstream)]


IMAGE = Field(Aspect.ARTIFACT, "server.image", "api:2", 12)


def test_an_artifact_that_upstream_never_had_is_found() -> None:
    (finding,) = never_in_upstream.RULE.check(made(IMAGE), Upstream(made()))
    assert finding.identity == ("never-in-upstream", "api", "server.image")
    assert (finding.level, finding.line) == ("warning", 12)
    for part in ("api:2", "staging", "server.image"):
        assert part in finding.message


def test_an_artifact_that_upstream_had_once_is_not() -> None:
    newer = made(Field(Aspect.ARTIFACT, "server.image", "api:3"))
    assert bypasses(made(IMAGE), Upstream(newer, (("api", Aspect.ARTIFACT, "server.image", "api:2"),))) == []


def test_what_another_component_had_does_not_count() -> None:
    assert bypasses(made(IMAGE), Upstream(made(), (("web", Aspect.ARTIFACT, "server.image", "api:2"),)))


def test_settings_and_empty_values_are_no_versions() -> None:
    assert bypasses(made(setting("env.A"), Field(Aspect.ARTIFACT, "tag", "")), Upstream(made())) == []


def test_an_upstream_that_lacks_the_component_or_is_not_there_says_nothing() -> None:
    assert bypasses(made(IMAGE), Upstream(None)) == []
    assert bypasses(made(IMAGE), Upstream(made(), exists=False)) == []
