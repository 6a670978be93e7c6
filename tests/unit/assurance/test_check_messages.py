"""What findings of references, supply and promotion say: with names, at the line that is meant, at their level."""

from __future__ import annotations

import pytest
from support.check_cases_promotion import CASES as PROMOTION
from support.check_cases_references import CASES as REFERENCES
from support.check_cases_supply import CASES as SUPPLY
from support.scenes import cases, found_in

CASES = cases(REFERENCES, SUPPLY, PROMOTION)


@pytest.mark.parametrize(
    ("rule", "number", "level", "field", "message"),
    [
        (
            "missing-key",
            0,
            "error",
            "config/shop",
            "api takes the key uri of ConfigMap/shop (`server.env.SETTING`), which does not have it",
        ),
        (
            "missing-key",
            2,
            "warning",
            "secret/shop",
            "api takes the key user of Secret/shop (`server.env.SETTING`), which does not have it",
        ),
        (
            "name-in-another-namespace",
            0,
            "error",
            "config/shop",
            (
                "api in the namespace shop needs the configuration shop (`server.envFrom[configMapRef:shop]`), "
                "which is only in cache"
            ),
        ),
        (
            "name-in-another-namespace",
            2,
            "warning",
            "component/redis",
            "api in the namespace shop needs the component redis (`server.env.REDIS_URL`), which is only in cache",
        ),
        ("unused-configuration", 0, "note", "", "Nothing here takes ConfigMap/shop"),
        (
            "shared-volume",
            0,
            "warning",
            "spec.accessModes",
            "PersistentVolumeClaim/files is for the pods of one machine alone, and api takes it with several replicas",
        ),
        (
            "shared-volume",
            2,
            "error",
            "spec.accessModes",
            "PersistentVolumeClaim/files is for one pod alone, and api and worker all take it",
        ),
        (
            "mixed-versions",
            0,
            "note",
            "docker.io/shop/backend",
            "shop/backend runs in 2 versions: 1 (worker) and 2 (api)",
        ),
        (
            "image-without-digest",
            0,
            "note",
            "server.image",
            "api runs shop/api:1 without a digest; most images here have one",
        ),
        (
            "repository-not-upstream",
            0,
            "warning",
            "server.image",
            "api takes `server.image` from shop/api; staging takes it from registry.example/shop/api",
        ),
        (
            "pull-policy",
            0,
            "warning",
            "server.imagePullPolicy",
            "The image of server in api is pulled once by a machine, though what `latest` stands for moves on",
        ),
        (
            "pull-policy",
            4,
            "warning",
            "pull_policy",
            "The image of api is pulled once by a machine, though what `latest` stands for moves on",
        ),
        (
            "prerelease-in-production",
            0,
            "warning",
            "server.image",
            "api runs the version 2.0.0-rc.1 (`server.image`), by `rc` no release",
        ),
        (
            "artifact-of-another-environment",
            0,
            "warning",
            "server.image",
            "api runs shop/api:1.4.2-staging (`server.image`), which is named after staging",
        ),
        ("smaller-than-upstream", 0, "note", "replicas", "api has 1 as `replicas` here, and 2 in staging"),
        (
            "missing-safeguard",
            0,
            "warning",
            "server.readinessProbe",
            "Container server of api has no readiness probe here, and has one in staging",
        ),
        ("missing-safeguard", 3, "warning", "healthcheck", "api has no health check here, and has one in staging"),
        (
            "empty-setting",
            1,
            "note",
            "server.env.DB_PASSWORD",
            "`server.env.DB_PASSWORD` of api is empty here, and is filled in staging",
        ),
        ("only-here", 0, "note", "", "extra runs here, and staging has nothing of this name"),
    ],
)
def test_a_finding_names_what_it_is_about(rule: str, number: int, level: str, field: str, message: str) -> None:
    found = found_in(CASES[rule].fires[number], rule)
    assert [(finding.level, finding.field, finding.message) for finding in found] == [(level, field, message)]
    assert found[0].path
    assert found[0].line
