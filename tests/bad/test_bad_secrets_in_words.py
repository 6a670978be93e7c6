"""Secrets in what people and tools write of deployments: none of them in evidence, site, output or errors (row 48)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from support.command import assay_process
from support.manifests import deployment
from support.replay import Revision, revision

from generator.history.importing import write_repository

if TYPE_CHECKING:
    from pathlib import Path


def _secrets(name: str) -> str:
    """Return words with a password, an address with a login and a token, each with the canary's name in it."""
    token = f"ghp_CANARY{name}".ljust(40, "A")
    return f"password=CANARY{name}1 https://bob:CANARY{name}2@example.org/x {token}"


CONFIG = f"""
environments:
  staging: {{path: staging}}
  production: {{path: production, upstream: staging, production: true}}
policies: [policy/*.rego]
results:
  - {{name: unit, format: junit, path: "reports/{{version}}.xml", expected: true}}
  - {{name: tap, format: tap, path: "reports/{{version}}.tap", expected: true}}
  - {{name: scan, format: sarif, path: "reports/{{version}}.sarif", expected: true}}
  - {{name: old, format: sarif, path: "reports/{{version}}.old", expected: true}}
gates:
  - {{name: approval, approval: {{count: 1}}}}
  - {{name: unit, result: unit}}
  - name: calm
    freeze: [{{from: 2020-01-01, until: 2030-12-31, reason: "{_secrets("freeze")}"}}]
    owner: "{_secrets("owner")}"
    says: "{_secrets("says")}"
rules:
  - {{id: own, field: env.A, must: {{equal: "{_secrets("equal")}"}}, title: "{_secrets("title")}",
     why: "{_secrets("why")}", fix: "{_secrets("fix")}"}}
  - {{id: own-words, field: env.A, must: {{equal: x}}, message: "{_secrets("words")} {{value}}"}}
expected:
  - {{component: api, field: env.B, reason: "{_secrets("expected")}"}}
"""
POLICY = f"""package assay

deny contains msg if {{ input.component.role == "component"; msg := "{_secrets("policy")}" }}
warn contains one if {{ input.component.role == "component"; one := {{"msg": "m", "field": "{_secrets("field")}"}} }}
note contains msg if {{ input.component.role == "component"; msg := concat("", ["{"x" * 390} ", "{_secrets("cut")}"]) }}
"""
BROKEN = f"""package assay

deny contains msg if {{ x := to_number("{_secrets("number")}"); msg := "x" }}
"""
DECLARED = f"""
waivers:
  - {{rule: "*", component: api, owner: "{_secrets("wowner")}", reason: "{_secrets("wreason")}", expires: 2030-12-31}}
  - {{rule: "*", owner: a, reason: b, expires: "{_secrets("day")}"}}
acceptances:
  - {{component: api, field: env.A, expires: 2030-12-31,
     owner: "{_secrets("aowner")}", reason: "{_secrets("areason")}"}}
overrides:
  - {{commit: production-1, kind: hotfix, owner: "{_secrets("oowner")}", reason: "{_secrets("oreason")}"}}
  - {{commit: production-1, kind: "{_secrets("kind")}", owner: a, reason: b}}
incidents:
  - {{id: "{_secrets("incident")}", commit: production-1, title: "{_secrets("event")}"}}
approvals:
  - {{commit: production-2, by: "{_secrets("by")}", reason: "{_secrets("because")}", at: 2020-01-01}}
"""
MESSAGE = f"""Promote {_secrets("subject")}

{_secrets("body")}

Approved-by: {_secrets("trailer")}
Rollback-of: {_secrets("rollback")}
Promoted-from: {_secrets("promoted")}
Fixes-deployment: {_secrets("fixes")}
Hotfix: {_secrets("hotfix")}
"""
RUN = {"tool": {"driver": {"name": _secrets("tool")}}, "results": [{"message": {"text": _secrets("found")}}]}
REPORTS = {
    "reports/2.xml": f'<testsuite name="{_secrets("suite")}"><testcase name="{_secrets("case")}">'
    f'<failure message="{_secrets("failure")}"/></testcase></testsuite>',
    "reports/2.tap": f"1..1\nnot ok 1 {_secrets('test')}\n  ---\n  message: {_secrets('told')}\n  ...\n",
    "reports/2.sarif": json.dumps({"version": "2.1.0", "runs": [RUN]}),
    "reports/2.old": json.dumps({"version": f"ghp_CANARYversion{'A' * 24}", "runs": []}),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    first = {
        "assay.yaml": CONFIG,
        "policy/a.rego": POLICY,
        "policy/b.rego": BROKEN,
        "staging/api.yaml": deployment("api", "shop/api:2", {"A": "x"}),
        "production/api.yaml": deployment("api", "shop/api:1", {"A": "y"}),
    }
    second = (
        first
        | REPORTS
        | {".assay/a.yaml": DECLARED, "production/api.yaml": deployment("api", "shop/api:2", {"A": "z"})}
    )
    before: dict[str, bytes] = {}
    made: list[Revision] = []
    for number, (tree, message) in enumerate([(first, ""), (second, MESSAGE)]):
        now = {path: content.encode() for path, content in tree.items()}
        made.append(revision(number, now, before, message))
        before = now
    write_repository(tmp_path / "repository", made)
    return tmp_path / "repository"


def test_no_secret_in_words_is_in_anything_that_is_published_or_printed(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    said = [
        assay_process("build", "--repo", str(repository), "--output", str(site)),
        assay_process("check", "--repo", str(repository)),
        assay_process("show", "production", "--evidence", str(site)),
    ]
    assert said[0].returncode == 3, said[0].stderr
    texts = {path.name: path.read_bytes().decode(errors="replace") for path in site.rglob("*") if path.is_file()}
    texts |= {f"output {number}": f"{one.stdout}{one.stderr}" for number, one in enumerate(said)}
    assert "Promote password=secret" in "".join(texts.values()), "what is around a secret stays"
    hits = {(name, found[0]) for name, text in texts.items() for found in re.finditer("CANARY[a-z]+", text)}
    assert hits == set()
