"""Rule: a setting that was tried upstream and did not come along."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.assurance.checks.stage_names import names_environment
from generator.assurance.findings import Family, Level, UpstreamRule, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component

_KEYED = (".env.", ".settings.", ".data.")
_ENV_FROM = "envFrom"
_VALUES = "values"
_STEP = re.compile(r"[.\[]")
_POSITION = re.compile(r"\[[0-9]+\]")
_SOPS = "sops."
"""Where SOPS keeps its own notes in an encrypted file."""
_ALIKE = 3
"""Settings of one name below one branch from which on they are told together."""
_ANY = "*"
_SHOWN = 4


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find settings that the upstream component has and this one lacks, in whatever form.

    A key that is a secret or a reference here is there. Where this component alone takes whole sets of variables
    (`envFrom`), single variables may have moved into such a set and are not judged. In values, where everything is a
    setting, a branch that is missing as a whole is one finding, and so are many of one name (`limits.*.minute`); lists
    are not compared item by item. What has the name of the upstream as a part of its own is meant for it.
    """
    above = upstream.component(component.id) if upstream.exists else None
    if above is None:
        return
    names = {field.name for field in component.fields} | {reference.field for reference in component.references}
    moved = bool(_sets_of_variables(component) - _sets_of_variables(above))
    if above.kind == _VALUES:
        missing = _missing_branches(above, names, upstream.name)
        for name, several in _together(missing).items():
            told = f"`{several[0]}`" if len(several) == 1 else f"`{name}` for {listed(_middles(several), _SHOWN)}"
            yield RULE.about(component, f"{component.id} has no {told} here, but has it in {upstream.name}", field=name)
    else:
        for name in _settings(above):
            keyed = any(part in f".{name}" for part in _KEYED)
            if keyed and name not in names and not (moved and ".env." in f".{name}"):
                yield RULE.about(
                    component, f"{component.id} has no `{name}` here, but has it in {upstream.name}", field=name
                )


def _settings(component: Component) -> Iterator[str]:
    return (field.name for field in component.fields if field.aspect is Aspect.CONFIG)


def _missing_branches(above: Component, names: set[str], upstream: str) -> list[str]:
    """Return the outermost branches of the upstream's settings of which nothing is among `names`, sorted."""
    absent = [name for name in _settings(above) if name not in names and not name.startswith(_SOPS)]
    if not absent:
        return []
    here = {part for name in names for part in _branches(name)}
    outermost = {next(part for part in _branches(name) if part not in here) for name in absent if name not in here}
    return sorted(
        branch
        for branch in outermost
        if not _POSITION.search(branch) and not names_environment(branch.rpartition(".")[2], upstream)
    )


def _together(branches: list[str]) -> dict[str, list[str]]:
    """Return branches by name, sorted; many that differ in their last step but one are under one name, with a `*`."""
    alike: dict[str, list[str]] = {}
    for branch in branches:
        way, _, last = branch.rpartition(".")
        above = way.rpartition(".")[0]
        alike.setdefault(f"{above}.{_ANY}.{last}" if above else branch, []).append(branch)
    found: dict[str, list[str]] = {}
    for name, several in alike.items():
        found.update({name: several} if len(several) >= _ALIKE else {one: [one] for one in several})
    return dict(sorted(found.items()))


def _middles(branches: list[str]) -> list[str]:
    return [branch.rpartition(".")[0].rpartition(".")[2] for branch in branches]


@lru_cache(maxsize=1 << 16)
def _branches(name: str) -> tuple[str, ...]:
    """Return the ways to a setting of values, from the outermost to its own: `a`, `a.b`, `a.b[c]`.

    The same few names come again at each deployment.
    """
    return (*(name[: step.start()] for step in _STEP.finditer(name) if step.start()), name)


def _sets_of_variables(component: Component) -> set[tuple[str, str]]:
    """Return the configs and secrets whose keys all become variables."""
    return {(r.role, r.target) for r in component.references if _ENV_FROM in r.field}


RULE = UpstreamRule(
    id="key-not-in-production",
    level=Level.WARNING,
    family=Family.PROMOTION,
    title="Setting that is missing here and present upstream",
    why=(
        "New software often needs a new setting. It was added upstream and worked there; here the software falls "
        "back to a default that nobody tried, or stops at its first use."
    ),
    fix="Add the key with this environment's value, or declare that it is upstream's alone.",
    example="staging:    PAYMENT_TIMEOUT: 5s\nproduction: # no PAYMENT_TIMEOUT",
    source="The Twelve-Factor App, Config and Dev/prod parity",
    values=frozenset(),
    check=check,
)
