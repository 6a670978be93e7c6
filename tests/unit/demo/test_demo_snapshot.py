from __future__ import annotations

from typing import Any

import yaml

from generator.demo.shop import first_apps, first_managed, first_secrets
from generator.demo.snapshot import SNAPSHOT, take_snapshot
from generator.demo.state import PRODUCTION, State, environment

CAMPAIGN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: spring-campaign, namespace: fernwood}\ndata: {A: b}\n"


def _items() -> list[dict[str, Any]]:
    whole = environment(PRODUCTION, first_apps(PRODUCTION), first_managed(PRODUCTION), first_secrets(PRODUCTION))
    state = whole(State(texts={"deploy/production/campaign.yaml": CAMPAIGN, "docs/runbook.md": "# Runbook\n"}))
    snapshot = yaml.safe_load(take_snapshot(state).texts[SNAPSHOT])
    assert snapshot["kind"] == "List"
    items: list[dict[str, Any]] = snapshot["items"]
    return items


def test_all_kinds_but_secrets_with_what_a_cluster_adds() -> None:
    items = _items()
    assert {item["kind"] for item in items} == {
        "ConfigMap",
        "Deployment",
        "Ingress",
        "PersistentVolumeClaim",
        "Service",
    }
    assert len({item["metadata"]["uid"] for item in items}) == len(items)
    assert all("status" in item for item in items if item["kind"] in {"Deployment", "Service"})
    assert "spring-campaign" in {item["metadata"]["name"] for item in items}


def test_one_value_was_typed_in_by_hand() -> None:
    (settings,) = [item for item in _items() if item["metadata"]["name"] == "checkout-settings"]
    assert first_apps(PRODUCTION)["checkout"].settings["PAYMENT_TIMEOUT_SECONDS"] == "10"
    assert settings["data"]["PAYMENT_TIMEOUT_SECONDS"] == "45"
