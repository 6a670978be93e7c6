"""A history with people in every place that can hold one, each with a name that nothing else has."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from support.manifests import deployment
from support.plain_git import TIME, git, new_repository, raw_commit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AUTHOR = "Zyxilla Quormund <zq@corp.example>"
ALIAS = "Z. Quormund <ZQ@corp.example>"
COMMITTER = "Brannock Tewfik <bt@corp.example>"
APPROVER = "Dolphine Haverstraw <dh@corp.example>"
CANARIES = (
    *("Quormund", "Tewfik", "Haverstraw", "Oduyale", "Vastergaard", "Pellworm", "Uckermark", "Vrboski", "Nadolny"),
    "corp.example",
)
"""A part of every name, and of every address."""
CONFIG = """
title: Shop
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
gates:
  - {name: approval, approval: {count: 1, by: trailer}, owner: Karensa Oduyale, says: Zyxilla Quormund asks for it}
expected:
  - {component: api, field: env.B, reason: as Dolphine Haverstraw wants it}
"""
ENDED = """
waivers:
  - {rule: "missing-*", owner: Orlina Vastergaard, reason: Orlina Vastergaard said so, expires: 2030-12-31}
"""
DECLARED = """
waivers:
  - {rule: "*", component: api, owner: Karensa Oduyale, reason: agreed with Brannock Tewfik, expires: 2030-12-31}
acceptances:
  - {component: api, field: env.A, owner: kn@corp.example, reason: no reason, expires: 2030-12-31}
overrides:
  - {commit: production-1, kind: hotfix, owner: Ignaz Pellworm <ip@corp.example>, reason: Tancred Vrboski called}
incidents:
  - {id: INC-1, commit: production-2, title: seen by Dolphine Haverstraw}
approvals:
  - {commit: production-2, by: Sventje Uckermark <su@corp.example>, at: 2020-01-01T00:00:00Z}
"""
RECORDS = """
approvals:
  - {id: A1, environment: production, commit: production-3, by: Tancred Vrboski, at: 2020-01-01T00:00:00Z}
"""


def write_people(target: Path, config: str = CONFIG) -> Path:
    """Write that history and return its place."""
    repository = new_repository(target)
    step(repository, {"assay.yaml": config, **_app("1"), ".assay/a.yaml": ENDED}, "Begin", AUTHOR, COMMITTER)
    said = f"Thanks to Orlina Vastergaard and Karensa  Oduyale, zq@corp.example\n\nApproved-by: {ALIAS}"
    step(repository, {**_app("2"), ".assay/a.yaml": DECLARED}, said, AUTHOR, COMMITTER)
    owners = {"CODEOWNERS": "/production/ kn@corp.example\n", ".assay/records/a.yaml": RECORDS}
    step(
        repository, _app("3") | owners, f"Promote\n\nApproved-by: {APPROVER}", ALIAS, "Gustaf Nadolny <gn@corp.example>"
    )
    long = f"{'x' * 226} Zyxilla Quormund Zyxilla"
    step(repository, _app("4"), long, COMMITTER, COMMITTER)
    return repository


def step(repository: Path, files: Mapping[str, str], message: str, author: str, committer: str) -> str:
    """Commit `files` over what is there, a day after the commit before."""
    for name, content in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(content, "utf-8")
    git(repository, "add", "--all")
    before = git(repository, "rev-list", "--all").split()
    when = f"{TIME + 86_400 * len(before)} +0000"
    return raw_commit(
        repository,
        git(repository, "write-tree"),
        before[:1],
        author=f"{author} {when}",
        committer=f"{committer} {when}",
        message=message,
    )


def _app(version: str) -> dict[str, str]:
    return {
        f"{name}/api.yaml": deployment("api", f"shop/api:{version}", {"A": name, "B": name})
        for name in ("staging", "production")
    }


def leaks(folder: Path, canaries: tuple[str, ...] = CANARIES) -> list[str]:
    """Return every file below `folder` that holds one of `canaries`, with which."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace").casefold()
        found += [f"{path.relative_to(folder)}: {one}" for one in canaries if one.casefold() in text]
    return found
