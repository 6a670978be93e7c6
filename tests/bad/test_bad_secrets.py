"""Secrets as canaries: none of them in evidence, site, output or errors; a changed one still shows (row 48)."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
from support.command import assay, assay_process
from support.manifests import CONFIG
from support.replay import Gathered, gathered, write_trees

from generator.cli.check_formats.writing import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
environments: {production: {}}
model:
  - values: settings/{environment}/{component}.yaml
    artifact: image
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"env": "canary-applied-NUMBER"}'
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
      - name: server
        image: shop/api:1
        args: ["--api-key=canary-flag-NUMBER", "--password", "canary-word-NUMBER"]
        env:
        - {name: DB_PASSWORD, value: canary-password-NUMBER}
        - {name: REPO_URL, value: "https://user:canary-url-NUMBER@git.example.org/shop.git"}
        - {name: DSN, value: "Server=db;User Id=shop;Password=canary-dsn-NUMBER;Timeout=30"}
---
apiVersion: v1
kind: Secret
metadata: {name: shop}
data: {token: ENCODED}
stringData: {login: canary-string-NUMBER}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  app.ini: |
    [db]
    password = canary-ini-NUMBER
---
apiVersion: v1
kind: Secret
metadata: {name: sops}
data: {token: "ENC[AES256_GCM,data:canarySopsNUMBER,iv:abc,tag:def,type:str]"}
sops: {mac: "ENC[AES256_GCM,data:canaryMacNUMBER,iv:abc,tag:def,type:str]"}
"""
VALUES = "image: a:1\ndb:\n  password: canary-values-NUMBER\n  url: postgres://shop:canary-pg-NUMBER@db/shop\n"
SECRET_FIELDS = 11
"""Secrets above that are a part of what an environment is: all but those that only a tool keeps for itself."""


def _tree(number: int) -> dict[str, str]:
    encoded = base64.b64encode(f"canary-data-{number}".encode()).decode()
    broken = f"password: canary-broken-{number}\nkey: [\n"
    return {
        "deploy/api.yaml": WORKLOAD.replace("NUMBER", str(number)).replace("ENCODED", encoded),
        "deploy/broken.yaml": broken,
        "settings/production/api.yaml": VALUES.replace("NUMBER", str(number)),
    }


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_trees(tmp_path / "repository", [_tree(1), _tree(2), _tree(1)])


def _hits(content: bytes) -> list[bytes]:
    encoded = [base64.b64encode(f"canary-data-{n}".encode()) for n in (1, 2)]
    return [word for word in (b"canary", *encoded) if word in content]


@pytest.mark.parametrize("config", [CONFIG, SETTINGS])
@pytest.mark.parametrize("key", [b"", b"my own key"])
def test_no_secret_is_in_the_evidence(config: str, key: bytes, repository: Path, tmp_path: Path) -> None:
    found = gathered(repository, tmp_path / "evidence", config, key=key)
    assert len(found.deployments) == 3
    for path in sorted(found.folder.rglob("*")):
        if path.is_file():
            assert _hits(path.read_bytes()) == [], path.name


def _changed(found: Gathered) -> dict[str, list[tuple[str | None, str | None]]]:
    changes: dict[str, list[tuple[str | None, str | None]]] = {}
    for deployment in found.deployments[1:]:
        for change in deployment.changes:
            changes.setdefault(f"{change.component} {change.field}", []).append((change.old, change.new))
    return changes


def test_a_changed_secret_still_shows_as_changed(repository: Path, tmp_path: Path) -> None:
    found = [
        _changed(gathered(repository, tmp_path / f"evidence-{n}", config))
        for n, config in enumerate((CONFIG, SETTINGS))
    ]
    changes = found[0] | {f"values {name}": pairs for name, pairs in found[1].items()}
    assert len(changes) == SECRET_FIELDS, sorted(changes)
    for there, back in changes.values():
        assert there == back[::-1], "the old value has its old fingerprint again"
        assert there[0] != there[1]
        assert re.search("(secret|encrypted):[0-9a-f]{12}", str(there[0]))


def test_a_secret_that_returns_is_a_rollback(repository: Path, tmp_path: Path) -> None:
    found = gathered(repository, tmp_path / "evidence", SETTINGS)
    assert found.kinds("production") == ["initial", "forward", "rollback"]
    assert found.deployments[0].digest == found.deployments[2].digest


def test_fingerprints_depend_on_the_key(repository: Path, tmp_path: Path) -> None:
    keys = [b"", b"one", b"two"]
    digests = {
        gathered(repository, tmp_path / f"e{n}", SETTINGS, key=k).deployments[0].digest for n, k in enumerate(keys)
    }
    assert len(digests) == len(keys)


def test_no_secret_is_in_the_site_or_the_output(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG)
    arguments = ("--repo", repository, "--config", tmp_path / "c.yaml")
    done = assay_process("build", *arguments, "--output", tmp_path / "site")
    assert done.returncode == 3, "one file is broken, and says so"
    assert _hits((done.stdout + done.stderr).encode()) == []
    pages = [p for p in sorted((tmp_path / "site").rglob("*")) if p.is_file()]
    assert len(pages) > 10
    for path in pages:
        assert _hits(path.read_bytes()) == [], path.name
    done = assay_process("check", *arguments)
    assert _hits((done.stdout + done.stderr).encode()) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_secret_is_in_any_format_of_a_check(name: str, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG)
    arguments = ("--repo", repository, "--config", tmp_path / "c.yaml", "--range", "HEAD~2..HEAD~1")
    done = assay("check", *arguments, "--format", name)
    assert done.exit_code in {1, 3}
    assert _hits((done.stdout + done.stderr).encode()) == []
    assert done.stdout


def test_a_list_of_keys_does_not_show_them_as_the_names_of_its_items(tmp_path: Path) -> None:
    text = (
        "image: a:1\napiKeys:\n- {key: canary-item, scope: all}\nhmac:\n- {key: canary-plain, use: sign}\n"
        "accessTokens:\n- {key: canary-token, value: x}\nheaders:\n- {key: cache-control, value: no-store}\n"
    )
    repository = write_trees(tmp_path / "repository", [{"settings/production/api.yaml": text}])
    found = gathered(repository, tmp_path / "evidence", SETTINGS)
    told = b"".join(path.read_bytes() for path in sorted(found.folder.rglob("*")) if path.is_file())
    assert b"canary" not in told
    assert b"headers[cache-control].value" in told, "a key of which something is said is a name"
