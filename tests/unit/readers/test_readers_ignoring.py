from dataclasses import dataclass

import msgspec
import pytest

from generator.model.component import Aspect, Component, Field, How, Port, Reference, Role, component
from generator.readers.ignoring import Ignoring, ignoring
from generator.readers.reader import Reading


@dataclass(frozen=True)
class Rule:
    component: str = "*"
    field: str = ""
    environment: str = ""
    reason: str = "set by the build"


WEB = component(
    "web",
    Role.COMPONENT,
    "Deployment",
    fields=[
        Field(Aspect.ARTIFACT, "web.image", "web:1"),
        Field(Aspect.CONFIG, "web.env.BUILD_ID", "7"),
        Field(Aspect.CONFIG, "web.env.BUILD_URL", "http://ci:80"),
        Field(Aspect.CONFIG, "web.env.LEVEL", "info"),
        Field(Aspect.CONFIG, "spec.template.metadata.labels.build", "7"),
        Field(Aspect.CONFIG, "spec.volumes[files].configMap.name", "files"),
        Field(Aspect.SCALE, "replicas", "2"),
        Field(Aspect.SECRET, "web.env.TOKEN", "secret:1"),
    ],
    references=[
        Reference(Role.COMPONENT, "ci", How.INFERRED, "web.env.BUILD_URL", "80"),
        Reference(Role.CONFIG, "files", How.REFERENCE, "spec.volumes[files]"),
    ],
    labels=(("app", "web"), ("build", "7")),
    ports=[Port("http", "80")],
    path="web.yaml",
    line=3,
)
FILES = component("ConfigMap/files", Role.CONFIG, "ConfigMap", fields=[Field(Aspect.CONFIG, "data.A", "1")])
READING = Reading((WEB, FILES))


def after(*rules: Rule, environment: str = "production") -> Reading:
    return Ignoring(rules).apply(READING, environment)


def web(*rules: Rule) -> Component:
    return after(*rules).components[0]


def gone(*rules: Rule) -> set[str]:
    return {f.name for f in WEB.fields} - {f.name for f in web(*rules).fields}


def test_without_rules_a_reading_is_itself() -> None:
    assert after() is READING
    assert ignoring(READING, [], "production") is READING
    assert after(Rule(field="env.OTHER")) is READING
    assert after(Rule(component="api", field="*")) is READING


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("env.BUILD_*", {"web.env.BUILD_ID", "web.env.BUILD_URL"}),
        ("web.env.BUILD_ID", {"web.env.BUILD_ID"}),
        ("BUILD_ID", {"web.env.BUILD_ID"}),
        ("UILD_ID", set()),
        ("scale:*", {"replicas"}),
        ("config:env.*", {"web.env.BUILD_ID", "web.env.BUILD_URL", "web.env.LEVEL"}),
        ("secret:env.*", {"web.env.TOKEN"}),
        ("spec.volumes[files].*", {"spec.volumes[files].configMap.name"}),
        ("spec.volumes[f]*", set()),
        ("env.build_id", set()),
    ],
)
def test_which_fields_a_pattern_takes(field: str, expected: set[str]) -> None:
    assert gone(Rule(field=field)) == expected


def test_a_value_that_is_ignored_does_not_count() -> None:
    fields = [Field(f.aspect, f.name, "8" if f.name == "web.env.BUILD_ID" else f.value) for f in WEB.fields]
    other = component(
        "web", WEB.role, WEB.kind, fields=fields, references=WEB.references, labels=WEB.labels, ports=WEB.ports
    )
    rules = [Rule(field="env.BUILD_ID")]
    one, two = (ignoring(Reading((c,)), rules, "production").components[0] for c in (WEB, other))
    assert WEB.digest != other.digest
    assert (one.digest, one.state) == (two.digest, two.state)
    assert (one.path, one.line) == ("web.yaml", 3)


def test_what_is_left_stands_where_it_stood() -> None:
    fields = [msgspec.structs.replace(field, line=4, path="common.yaml") for field in WEB.fields]
    there = component("web", WEB.role, WEB.kind, fields=fields, path="web.yaml")
    (left,) = ignoring(Reading((there,)), [Rule(field="env.BUILD_ID")], "production").components
    assert len(left.fields) == len(fields) - 1
    assert {(field.path, field.line) for field in left.fields} == {("common.yaml", 4)}


def test_what_only_an_ignored_field_tells_goes_with_it() -> None:
    assert [r.target for r in web(Rule(field="env.BUILD_URL")).references] == ["files"]
    assert [r.target for r in web(Rule(field="spec.volumes*")).references] == ["ci"]
    assert web(Rule(field="labels.build")).labels == (("app", "web"),)


def test_the_rest_of_a_component_stays() -> None:
    found = web(Rule(field="replicas"))
    assert (found.ports, found.labels, found.references) == (WEB.ports, WEB.labels, WEB.references)


def test_a_rule_without_a_field_takes_the_component_and_what_leads_to_it() -> None:
    found = after(Rule(component="ConfigMap/*"))
    assert [c.id for c in found.components] == ["web"]
    assert [r.target for r in found.components[0].references] == ["ci"]


def test_a_reference_to_an_ignored_component_of_another_file_goes_too() -> None:
    alone = Reading((WEB,))
    found = ignoring(alone, [Rule(component="ConfigMap/files")], "production")
    assert [r.target for r in found.components[0].references] == ["ci"]
    assert found.ignored == ()


def test_a_rule_can_be_for_some_environments() -> None:
    rule = Rule(field="replicas", environment="prod*")
    assert after(rule).ignored == (0,)
    assert after(rule, environment="staging") is READING


def test_the_rules_that_took_something_are_told() -> None:
    rules = [Rule(field="nothing"), Rule(field="replicas"), Rule(component="x"), Rule("web", "scale:replicas")]
    assert after(*rules).ignored == (1, 3)
