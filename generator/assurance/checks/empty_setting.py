"""Rule: a setting that is empty here and filled upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Level, UpstreamRule
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component

_SETTINGS = (Aspect.CONFIG, Aspect.SECRET)
_KEYED = (".env.", ".settings.", ".data.")
_NOTHING = frozenset({"", "{}", "[]"})
_VALUES = "values"


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find settings without a text whose upstream has one; a secret counts as filled, whatever it is."""
    empty = [
        f for f in component.fields if f.aspect in _SETTINGS and not f.value.strip() and _is_setting(component, f.name)
    ]
    above = upstream.component(component.id) if empty and upstream.exists else None
    if above is None:
        return
    filled = {f.name for f in above.fields if f.aspect in _SETTINGS and f.value.strip() not in _NOTHING}
    for field in empty:
        if field.name in filled:
            yield RULE.about(
                component,
                f"`{field.name}` of {component.id} is empty here, and is filled in {upstream.name}",
                field=field.name,
            )


def _is_setting(component: Component, name: str) -> bool:
    """Return whether a field is a setting of the software and not of the platform that runs it."""
    return component.kind == _VALUES or any(part in f".{name}" for part in _KEYED)


RULE = UpstreamRule(
    id="empty-setting",
    level=Level.NOTE,
    family=Family.PROMOTION,
    title="Setting that is empty here and filled upstream",
    why=(
        "An empty text is not the same as no setting: the software may take it as an address, a password or a list "
        "with nothing in it. Upstream it never ran like that."
    ),
    fix="Fill it, or remove the key where the default is meant; where empty is meant, declare the difference.",
    example='staging:    SENTRY_DSN: https://…\nproduction: SENTRY_DSN: ""',
    source="The Twelve-Factor App, Config and Dev/prod parity",
    values=frozenset(_SETTINGS),
    check=check,
)
