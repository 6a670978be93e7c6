"""Secrets that slipped into what people write: gone from every text, while what is about secrets stays readable."""

from __future__ import annotations

import pytest

from generator.config.loading import load_config
from generator.declarations.entries import Waiver
from generator.pipeline.masking import masked_config, parse_masked, prose

TOKEN = "ghp_" + "a1B2" * 9
CONFIG = f"""
title: see {TOKEN}
environments:
  staging: {{path: staging}}
  production: {{path: production, upstream: staging, production: true}}
gates:
  - name: calm
    freeze: [{{from: 2026-12-20, until: 2027-01-02, reason: password=canary-1}}]
    owner: "https://ada:canary-2@example.org/"
    says: "{TOKEN}"
rules:
  - {{id: own, field: env.A, must: {{equal: password=kept}}, message: token=canary-3, why: {TOKEN}, fix: {TOKEN}}}
expected:
  - {{component: api, field: env.B, reason: password=canary-4}}
"""
DECLARED = f"""waivers:
  - {{rule: missing-limits, owner: "Ada {TOKEN}", reason: password=canary-5, expires: 2026-12-31}}
  - {{rule: missing-limits, owner: Ada, reason: why, expires: {TOKEN}}}
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Promote api", "Promote api"),
        ("Use password=hunter2 for now", "Use password=secret for now"),
        (f"Push with {TOKEN}", "Push with secret"),
        ("See https://ada:hunter2@example.org/x", "See https://secret@example.org/x"),
        ("password: hunter2", "password: secret"),
        ("sealed-secrets: bump to 2.1", "sealed-secrets: bump to 2.1"),
        (f"feat(token): login with {TOKEN}", "feat(token): login with secret"),
        ("Grace Example <grace@example.org>", "Grace Example <grace@example.org>"),
        ("staging@1a2b3c4d", "staging@1a2b3c4d"),
    ],
)
def test_a_sentence_loses_its_secrets_alone(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_settings_lose_the_secrets_of_what_they_say_and_keep_what_they_compare_with() -> None:
    config = masked_config(load_config(CONFIG.encode(), "assay.yaml", frozenset({"kubernetes"})))
    said = config.model_dump_json()
    assert "canary" not in said
    assert TOKEN not in said
    assert config.rules[0].must.equal == "password=kept"
    assert config.gates[0].freeze[0].reason == "password=secret"


def test_declarations_lose_them_and_so_does_what_is_wrong_with_them() -> None:
    declared, problems = parse_masked(DECLARED.encode(), ".assay/waivers.yaml")
    (waiver,) = declared.waivers
    assert isinstance(waiver, Waiver)
    assert (waiver.owner, waiver.reason) == ("Ada secret", "password=secret")
    assert [problem.reason for problem in problems] == ["`expires`: `secret` is no date"]
