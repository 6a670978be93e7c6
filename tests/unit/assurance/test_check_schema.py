"""Rules of the schema family: what the platform does not take, and versions that it gives up."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.replay import gathered, write_trees

from generator.assurance.api_versions import RETIRED, at_least, is_removed
from generator.assurance.checks import compose_schema, deprecated_api, removed_api, schema_invalid, unknown_field
from generator.assurance.findings import Family, Level, Surroundings
from generator.model.component import Aspect, Component, Field, Remark, Role, component
from generator.readers.compose.components import _OWN_WAY
from generator.readers.compose.reader import ComposeReader
from generator.readers.reader import Reading, SourceFile, Unit

if TYPE_CHECKING:
    from generator.assurance.findings import Finding

INGRESS = ("networking.k8s.io/v1beta1", "Ingress")


def _object(api: str, kind: str, *remarks: Remark) -> Component:
    fields = [Field(Aspect.CONFIG, "apiVersion", api, 2)]
    return component(f"{kind}/a", Role.CONFIG, kind, fields=fields, path="a.yaml", line=1, api=api, remarks=remarks)


def _findings(api: str, kind: str, target: str) -> list[Finding]:
    surroundings = Surroundings("production", kubernetes=target)
    one = _object(api, kind)
    return [f for made in (removed_api, deprecated_api) for f in made.rule(surroundings).check(one)]


@pytest.mark.parametrize(
    ("api", "kind", "target", "expected"),
    [
        (*INGRESS, "1.31", [("removed-api", Level.ERROR)]),
        (*INGRESS, "1.22", [("removed-api", Level.ERROR)]),
        (*INGRESS, "1.21", [("deprecated-api", Level.NOTE)]),
        (*INGRESS, "1.18", []),
        (*INGRESS, "", [("removed-api", Level.WARNING)]),
        ("networking.k8s.io/v1", "Ingress", "1.31", []),
        ("networking.k8s.io/v1beta1", "SomethingElse", "1.31", []),
        ("v1", "Endpoints", "1.33", [("deprecated-api", Level.NOTE)]),
        ("v1", "Endpoints", "1.32", []),
        ("v1", "Endpoints", "", [("deprecated-api", Level.NOTE)]),
        ("", "Ingress", "", []),
    ],
)
def test_a_version_is_judged_by_what_runs_there(
    api: str, kind: str, target: str, expected: list[tuple[str, Level]]
) -> None:
    found = _findings(api, kind, target)
    assert [(finding.rule, finding.level) for finding in found] == expected
    assert all((f.field, f.path, f.line) == ("apiVersion", "a.yaml", 2) for f in found)


def test_the_message_names_versions_and_what_takes_its_place() -> None:
    (found,) = _findings("batch/v1beta1", "CronJob", "1.31")
    gone = "CronJob of batch/v1beta1 was removed in Kubernetes 1.25, and production runs 1.31"
    assert found.message == f"CronJob/a: {gone}; in its place stands batch/v1"


def test_versions_compare_as_numbers() -> None:
    assert at_least("1.31", "1.9")
    assert not at_least("1.9", "1.22")
    assert not at_least("1.31", "")
    assert is_removed("batch/v1beta1", "CronJob", "1.100")


def test_what_is_removed_was_deprecated_before() -> None:
    for key, retired in RETIRED.items():
        assert not retired.removed or not at_least(retired.deprecated, retired.removed), key


def test_the_schemas_of_each_version_agree_with_the_table() -> None:
    spec = find_spec("kubernetes_validate")
    assert spec is not None
    top = Path(next(iter(spec.submodule_search_locations or ()))) / "kubernetes-json-schema"
    for version in ("1.25", "1.28", "1.31", "1.33", "1.37"):
        served = set()
        for path in (top / f"v{version}.0-local").glob("*.json"):
            for one in json.loads(path.read_bytes()).get("x-kubernetes-group-version-kind", []):
                served.add((f"{one['group']}/{one['version']}".lstrip("/"), one["kind"]))
        gone = {key for key in RETIRED if is_removed(*key, version)}
        assert not gone & served, version
        assert {
            key for key, r in RETIRED.items() if not is_removed(*key, version) and at_least(version, r.deprecated)
        } <= (served), version


def test_remarks_become_findings_of_their_own_rule_at_their_line() -> None:
    remarks = [
        Remark("schema-invalid", "error", "x must be a text", "x", 7),
        Remark("unknown-field", "warning", "y is no field", "y", 8),
        Remark("compose-schema", "warning", "z is no key", "z", 9),
    ]
    one = _object("apps/v1", "Deployment", *remarks)
    for rule, remark in zip((schema_invalid.RULE, unknown_field.RULE, compose_schema.RULE), remarks, strict=True):
        (found,) = rule.check(one)
        named = remark.message if rule is compose_schema.RULE else f"Deployment/a: {remark.message}"
        assert (found.rule, found.level, found.message) == (rule.id, Level(remark.level), named)
        assert (found.field, found.line, found.path) == (remark.field, remark.line, "a.yaml")
        assert rule.family is Family.SCHEMA


def test_a_kind_that_was_removed_is_told_once() -> None:
    remark = Remark(
        "schema-invalid", "error", "Kubernetes 1.31 has no CronJob of version batch/v1beta1", "apiVersion", 1
    )
    assert [*schema_invalid.RULE.check(_object("batch/v1beta1", "CronJob", remark))] == []
    assert len([*schema_invalid.RULE.check(_object("batch/v7", "CronJob", remark))]) == 1


def test_a_finding_is_fixed_by_a_commit_that_deploys_nothing_new(tmp_path: Path) -> None:
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: %s\n"
        "  selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n"
        "    spec: {containers: [{name: server, image: 'shop/api:1'}]}\n"
    )
    texts = [manifest % '"3"', "\n# moved down\n" + manifest % '"3"', manifest % "3", manifest % "'3'"]
    config = 'environments:\n  production: {path: deploy, kubernetes: "1.31"}\n'
    repository = write_trees(tmp_path / "repository", [{"deploy/api.yaml": text} for text in texts])
    found = gathered(repository, tmp_path / "evidence", config)
    assert found.kinds("production") == ["initial", "redeploy", "redeploy", "redeploy"]
    lists = found.evidence.findings("production")
    standing = []
    for deployment in found.of("production"):
        lists.advance(deployment.findings.object)
        standing.append([e.since for e in lists.entries.values() if e.rule == "schema-invalid"])
    commits = [deployment.commit.id for deployment in found.of("production")]
    assert standing == [[commits[0]], [commits[0]], [], [commits[3]]]


def _mask(value: str) -> str:
    return f"secret:{len(value):012x}"


def _compose(text: str) -> Reading:
    return ComposeReader().read(Unit("", "x"), [SourceFile("compose.yaml", text.encode())], _mask)


def test_unknown_keys_of_a_service_are_remarked_with_the_key_that_is_near() -> None:
    reading = _compose(
        "services:\n  web:\n    image: a:1\n    enviroment: {A: 1}\n    x-own: 1\n  db:\n    image: b:1\n"
    )
    told = {one.id: [(r.field, r.line, r.message) for r in one.remarks] for one in reading.components}
    assert told["db"] == []
    message = "web has the key enviroment, which Compose does not know; environment is near it"
    assert told["web"] == [("enviroment", 4, message)]


def test_an_unknown_key_at_the_top_is_remarked_on_the_first_service() -> None:
    reading = _compose("service: {}\nservices:\n  web: {image: 'a:1'}\n  app: {image: 'a:1'}\nx-own: 1\nname: shop\n")
    assert [(one.id, [r.field for r in one.remarks]) for one in reading.components] == [
        ("app", ["service"]),
        ("web", []),
    ]


def test_keys_of_the_first_formats_are_known() -> None:
    reading = _compose("web:\n  image: a:1\n  net: host\n  log_driver: syslog\n  volumes_from: [data]\n")
    assert [one.remarks for one in reading.components if one.id == "web"] == [()]


def test_every_key_that_the_reader_gives_a_meaning_is_known() -> None:
    keys = sorted(_OWN_WAY)
    reading = _compose(
        "services:\n  web:\n" + "".join(f"    {key}: {'a:1' if key == 'image' else ''}\n" for key in keys)
    )
    assert [one.remarks for one in reading.components if one.id == "web"] == [()]
