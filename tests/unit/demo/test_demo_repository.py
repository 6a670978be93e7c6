"""The demo: always the same, well-formed, and with every beat of the story that its page promises."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.demo.configuration import FIRST_CONFIG
from generator.demo.repository import DEMO_CONFIG, DEMO_TITLE, DemoCommit, demo_commits
from generator.readers.explicit.reader import ExplicitReader
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import SourceFile, Unit

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = ("integration", "staging", "production")
DIGEST = "250d4366a3a09055"
"""Of all commits; a new one is shown by the test that fails, and changes every link into the demo's site."""


@cache
def _commits() -> tuple[DemoCommit, ...]:
    return demo_commits()


@cache
def _trees() -> tuple[dict[str, str], ...]:
    """Return every file of the repository after each commit."""
    trees: list[dict[str, str]] = []
    files: dict[str, str] = {}
    for commit in _commits():
        files = {path: text for path, text in files.items() if commit.changes.get(path, b"") is not None}
        files |= {path: data.decode() for path, data in commit.changes.items() if data is not None}
        trees.append(files)
    return tuple(trees)


def _subject(commit: DemoCommit) -> str:
    return commit.message.splitlines()[0]


def _place(subject: str) -> int:
    (place,) = [place for place, commit in enumerate(_commits()) if _subject(commit) == subject]
    return place


def _days(first: str, second: str) -> float:
    return (_commits()[_place(second)].at - _commits()[_place(first)].at) / 86_400


def _manifests(place: int, environment: str, kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, text in _trees()[place].items():
        if path.startswith(f"deploy/{environment}/"):
            found |= {d["metadata"]["name"]: d for d in _documents(text) if d["kind"] == kind}
    return found


@cache
def _documents(text: str) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.load_all(text, yaml.CSafeLoader))


def _steps(environment: str, app: str) -> list[str]:
    """Return the tags that an app has run in an environment, in order, each change once."""
    tags: list[str] = []
    for tree in _trees():
        found = re.search(r"image: \S+:(\S+)", tree.get(f"deploy/{environment}/{app}.yaml", ""))
        if found and found[1] not in tags[-1:]:
            tags.append(found[1])
    return tags


def _platform(place: int, environment: str) -> dict[str, Any]:
    text = _trees()[place][f"platform/environments/{environment}.yaml"]
    components: dict[str, Any] = yaml.load(text, yaml.BaseLoader)["components"]  # noqa: S506 - builds text alone
    return components


def test_the_commits_are_always_the_same() -> None:
    said = repr([(c.at, c.author, c.message, sorted(c.changes.items())) for c in demo_commits()])
    assert said == repr([(c.at, c.author, c.message, sorted(c.changes.items())) for c in demo_commits()])
    assert hashlib.sha256(said.encode()).hexdigest()[:16] == DIGEST


def test_some_150_commits_in_nine_months_of_working_hours() -> None:
    assert 130 <= len(_commits()) <= 170
    times = [datetime.fromtimestamp(commit.at, UTC) for commit in _commits()]
    assert times == sorted(set(times))
    assert (times[0].date().isoformat(), times[-1].date().isoformat()) == ("2026-01-05", "2026-09-30")
    assert all(time.weekday() < 5 and 8 <= time.hour < 18 for time in times)


def test_every_commit_changes_something_and_has_one_line_as_subject() -> None:
    for commit in _commits():
        assert commit.changes
        lines = commit.message.split("\n")
        assert len(lines[0]) <= 72
        assert lines[1:2] in ([], [""])
        assert "<commit" not in commit.message
        assert "@" not in commit.author


def test_no_line_ends_in_space_and_every_file_ends_in_one_newline() -> None:
    for path, text in _trees()[-1].items():
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), path


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_state_is_read_without_a_problem(environment: str) -> None:
    read: set[str] = set()
    for tree in _trees():
        own = {path: text for path, text in tree.items() if path.startswith(f"deploy/{environment}/")}
        for path, text in own.items():
            if text not in read:
                read.add(text)
                reading = KubernetesReader().read(Unit(environment), [SourceFile(path, text.encode())], len_mask)
                assert (reading.problems, reading.notes) == ((), ()), path
                assert reading.components, path
        paths = ["platform/model.yaml", f"platform/environments/{environment}.yaml"]
        files = [SourceFile(path, tree[path].encode()) for path in paths if path in tree]
        platform = ExplicitReader().read(Unit(environment), files, len_mask)
        assert (platform.problems, platform.notes) == ((), ())


def len_mask(value: str) -> str:
    return f"masked({len(value)})"


def test_manifests_are_what_a_cluster_takes() -> None:
    for environment in ENVIRONMENTS:
        place = len(_trees()) - 1
        maps, secrets = (_manifests(place, environment, kind) for kind in ("ConfigMap", "Secret"))
        services = _manifests(place, environment, "Service")
        apps = _manifests(place, environment, "Deployment")
        assert sorted(apps) == [
            "accounts", "catalogue", "checkout", "fulfilment", "notifications", "search", "storefront",
        ]  # fmt: skip
        for name, app in apps.items():
            labels = app["spec"]["template"]["metadata"]["labels"]
            assert app["spec"]["selector"]["matchLabels"].items() <= labels.items()
            (container,) = app["spec"]["template"]["spec"]["containers"]
            assert container["envFrom"][0]["configMapRef"]["name"] in maps
            assert {"readinessProbe", "livenessProbe", "resources"} <= container.keys(), name
            for variable in container.get("env", []):
                wanted = variable.get("valueFrom", {}).get("secretKeyRef")
                assert wanted is None or wanted["key"] in secrets[wanted["name"]]["stringData"]
        for service in services.values():
            assert service["spec"]["selector"]["app.kubernetes.io/name"] in apps
        values = [
            v for held in (*maps.values(), *secrets.values()) for v in (held.get("data") or held["stringData"]).values()
        ]
        assert all(isinstance(value, str) for value in values)


def test_secrets_are_obviously_none() -> None:
    for place in range(len(_trees())):
        for environment in ENVIRONMENTS:
            for held in _manifests(place, environment, "Secret").values():
                assert all(value.startswith("placeholder-") for value in held["stringData"].values())


def test_a_rollback_that_says_so_and_its_fix() -> None:
    steps = _steps("production", "checkout")
    assert steps[2:6] == ["1.8.2", "1.9.0", "1.8.2", "1.9.1"]
    assert _days("Promote checkout 1.9.0 to production", "Roll back checkout to 1.8.2") < 0.1


def test_a_rollback_that_does_not_say_so_and_its_fix() -> None:
    steps = _steps("production", "checkout")
    assert steps[5:9] == ["1.9.1", "1.10.0", "1.9.1", "1.10.1"]
    message = _commits()[_place("Update checkout image")].message
    assert not re.search(r"back|revert|undo|1\.", message)


def test_of_a_release_with_two_apps_one_goes_back() -> None:
    assert _steps("production", "catalogue")[-5:] == ["2.7.0", "2.7.1", "2.7.0", "2.7.2", "2.7.3"]
    assert _steps("production", "search")[-3:] == ["0.10.2", "0.10.3", "0.11.0"]
    release = _commits()[_place("Search by price: catalogue 2.7.1 and search 0.10.2, production")]
    assert sorted(release.changes) == ["deploy/production/catalogue.yaml", "deploy/production/search.yaml"]
    assert list(_commits()[_place("Roll back catalogue to 2.7.0")].changes) == ["deploy/production/catalogue.yaml"]


def test_production_has_no_other_rollback() -> None:
    apps = {path.split("/")[2] for tree in _trees() for path in tree if path.startswith("deploy/production/")}
    returns = {}
    for app in sorted(name.removesuffix(".yaml") for name in apps):
        steps = _steps("production", app)
        returns[app] = len(steps) - len(set(steps))
    assert {app: count for app, count in returns.items() if count} == {"catalogue": 1, "checkout": 2}


def test_a_redo_in_staging() -> None:
    assert _steps("staging", "catalogue")[1:5] == ["2.5.0", "2.6.0", "2.5.0", "2.6.0"]


def test_versions_go_through_integration_and_staging_first() -> None:
    for app in ("accounts", "catalogue", "checkout", "search"):
        integration, staging, production = (set(_steps(e, app)) for e in ENVIRONMENTS)
        assert production <= staging <= integration


def test_a_hotfix_past_staging_which_follows() -> None:
    hotfix = _place("Hotfix: storefront 3.5.1 straight to production")
    assert list(_commits()[hotfix].changes) == ["deploy/production/storefront.yaml"]
    assert "3.5.1" not in _trees()[hotfix]["deploy/staging/storefront.yaml"]
    follows = _place("Bring storefront 3.5.1 to staging")
    assert follows > hotfix
    assert "3.5.1" in _trees()[follows]["deploy/staging/storefront.yaml"]


def test_drift_lasts_to_the_end() -> None:
    begins = _place("Wait 30 seconds for card payments")
    for place in range(begins, len(_trees())):
        settings = [_manifests(place, e, "ConfigMap")["checkout-settings"]["data"] for e in ENVIRONMENTS]
        assert [s["PAYMENT_TIMEOUT_SECONDS"] for s in settings] == ["10", "10", "30"]


def test_a_flag_of_staging_never_gets_to_production() -> None:
    flags = [_manifests(len(_trees()) - 1, e, "ConfigMap")["storefront-settings"]["data"] for e in ENVIRONMENTS]
    assert [flag["FEATURE_GIFT_CARDS"] for flag in flags] == ["true", "true", "false"]


def test_a_service_selects_nothing_for_two_weeks() -> None:
    begin, end = "Collect metrics of search in production", "Fix the selector of search-metrics everywhere"
    assert 13 < _days(begin, end) < 15
    selected = [
        _manifests(_place(subject), "production", "Service")["search-metrics"]["spec"]["selector"]
        for subject in (begin, end)
    ]
    assert selected == [{"app.kubernetes.io/name": "search-indexer"}, {"app.kubernetes.io/name": "search"}]


def test_an_unpinned_image_is_pinned_later() -> None:
    assert _steps("production", "recommendations") == ["0.6.2", "latest", "0.7.1", "0.7.2"]


def test_a_secret_changes() -> None:
    place = _place("Rotate the session key in production")
    before, after = (
        _manifests(p, "production", "Secret")["accounts-secrets"]["stringData"] for p in (place - 1, place)
    )
    assert before.keys() == after.keys()
    assert before != after


def test_a_component_comes_and_one_goes() -> None:
    for subject, path, there in (
        ("Add notifications to production", "deploy/production/notifications.yaml", True),
        ("Remove recommendations from production", "deploy/production/recommendations.yaml", False),
    ):
        place = _place(subject)
        assert (path in _trees()[place - 1], path in _trees()[place]) == (not there, there)
    assert "recommendations" not in _trees()[-1]["deploy/production/storefront.yaml"]


def test_the_scale_changes_and_never_back() -> None:
    counts: list[int] = []
    for place in range(len(_trees())):
        storefront = _manifests(place, "production", "Deployment").get("storefront")
        if storefront and storefront["spec"]["replicas"] not in counts[-1:]:
            counts.append(storefront["spec"]["replicas"])
    assert counts == [3, 4, 6]


def test_a_redeploy_changes_a_comment_only() -> None:
    place = _place("Note whom to call about checkout")
    (path,) = _commits()[place].changes
    before, after = (list(yaml.safe_load_all(_trees()[p][path])) for p in (place - 1, place))
    assert before == after


def test_a_bulk_update_moves_every_app() -> None:
    changes = _commits()[_place("All apps on the new base image, production")].changes
    assert len(changes) == len(
        _manifests(_place("All apps on the new base image, production"), "production", "Deployment")
    )
    (most,) = re.findall(r"^bulk: (\d+)$", DEMO_CONFIG, re.MULTILINE)
    assert len(changes) >= int(most)


def test_a_window_of_minutes_moves_every_app_step_by_step() -> None:
    steps = [c for c in _commits() if _subject(c).startswith("Mended encryption library, production")]
    assert [len(step.changes) for step in steps] == [2, 2, 2, 1]
    assert steps[-1].at - steps[0].at < 15 * 60
    assert len({path for step in steps for path in step.changes}) == 7


def test_some_commits_touch_documents_only() -> None:
    assert sum(all(path.startswith("docs/") for path in commit.changes) for commit in _commits()) >= 3


def test_the_platform_has_parts_that_only_production_has_and_says_so() -> None:
    last = len(_trees()) - 1
    staging, production = _platform(last, "staging"), _platform(last, "production")
    assert production.keys() - staging.keys() == {"cdn", "waf"}
    declared = yaml.safe_load(_trees()[last]["platform/model.yaml"])["production_only"]
    assert {"cdn", "waf"} <= {item["component"] for item in declared}
    assert (staging["order-queue"]["version"], production["order-queue"]["version"]) == ("4.0.5", "4.0.5")


def test_versions_wait_for_production_at_the_end() -> None:
    assert _steps("staging", "checkout")[-1] == "1.13.0"
    assert "1.13.0" not in _steps("production", "checkout")
    assert _steps("integration", "catalogue")[-1] not in _steps("staging", "catalogue")


def test_the_configuration_comes_with_a_commit_and_stays() -> None:
    assert "assay.yaml" not in _trees()[0]
    assert _trees()[_place("Report releases with Assay")]["assay.yaml"] == FIRST_CONFIG
    assert _trees()[-1]["assay.yaml"] == DEMO_CONFIG
    assert yaml.safe_load(DEMO_CONFIG)["title"] == DEMO_TITLE
    assert list(yaml.safe_load(DEMO_CONFIG)["environments"]) == list(ENVIRONMENTS)


def test_the_page_about_the_demo_tells_what_is_there() -> None:
    page = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (\d{4}-\d\d-\d\d \d\d:\d\d) \| (.+?) \| .+ \|$", page, re.MULTILINE)
    there = {(datetime.fromtimestamp(c.at, UTC).strftime("%Y-%m-%d %H:%M"), _subject(c)) for c in _commits()}
    assert len(told) >= 25
    assert not [row for row in told if row not in there]
