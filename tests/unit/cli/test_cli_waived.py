"""`assay check` and waivers: what is waived is told as such, and fails nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner
from support.replay import START, Revision

from generator.cli import main
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = b"environments: {production: {path: deploy}}\nchecks: {missing-limits: error, missing-probe: 'off'}\n"
WAIVER = b"waivers: [{rule: missing-limits, owner: P, reason: r, expires: 2030-01-01}]\n"
SHOP = (
    b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  replicas: 2\n"
    b"  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n"
    b"    spec: {containers: [{name: web, image: 'images.example.org/shop:1.0.0'}]}\n"
)


def test_a_waived_error_is_no_failure_of_the_check(tmp_path: Path) -> None:
    files = {"assay.yaml": CONFIG, "deploy/a.yaml": SHOP, ".assay/w.yaml": WAIVER}
    write_repository(tmp_path / "shop", [Revision(START, "one", files)])
    found = CliRunner().invoke(main, ["check", "--repo", str(tmp_path / "shop")])
    assert found.exit_code == 0
    (line,) = [one for one in found.output.splitlines() if "missing-limits" in one]
    assert line.endswith("(waived by P through 2030-01-01: r)")
    assert "1 of them waived" in found.output


def test_a_declaration_in_vain_is_told(tmp_path: Path) -> None:
    declared = (
        b"waivers:\n"
        b"  - {rule: missing-limit, owner: P, reason: r, expires: 2030-01-01}\n"
        b"  - {rule: missing-limits, component: shoop, owner: P, reason: r, expires: 2030-01-01}\n"
        b"  - {rule: missing-limits, component: shop, owner: P, reason: r, expires: 2001-01-01}\n"
        b"overrides: [{commit: aaaaaaaa, kind: hotfix, owner: P, reason: r}]\n"
    )
    files = {"assay.yaml": CONFIG, "deploy/a.yaml": SHOP, ".assay/w.yaml": declared}
    write_repository(tmp_path / "shop", [Revision(START, "one", files)])
    found = CliRunner().invoke(main, ["check", "--repo", str(tmp_path / "shop")])
    assert found.exit_code == 1
    lines = [line.partition(" @")[0] for line in found.stderr.splitlines() if line.startswith("note[")]
    assert sorted(lines) == [
        "note[declaration-unmatched] .assay/w.yaml:5",
        "note[waiver] .assay/w.yaml:2: unknown rule: no rule has this name (missing-limit, P)",
        "note[waiver] .assay/w.yaml:3: unused: nothing fits it (missing-limits shoop, P)",
        "note[waiver] .assay/w.yaml:4: expired: its last day is over (missing-limits shop, P)",
    ]
