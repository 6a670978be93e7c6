"""Rule: production that tells more than it should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component, Field

_SWITCH = re.compile(r"(?:[a-z0-9]+_){0,4}debug(?:_mode|_enabled)?", re.IGNORECASE)
_LEVEL = re.compile(r"(?:[a-z0-9]+_){0,5}log(?:ging)?_?level|(?:[a-z0-9]+_){0,5}verbosity", re.IGNORECASE)
_TALKATIVE = frozenset({"debug", "trace", "all", "finest", "silly"})
_RUN_AS = re.compile(r"(?:NODE_ENV|RAILS_ENV|RACK_ENV|FLASK_ENV|APP_ENV|ASPNETCORE_ENVIRONMENT|DJANGO_ENV|MIX_ENV)")
_DEVELOPMENT = frozenset({"development", "dev", "develop", "local"})
_SWITCHED_ON = frozenset({"true", "yes", "on", "1"})
_VALUES = frozenset(
    form for word in _TALKATIVE | _DEVELOPMENT | _SWITCHED_ON for form in (word, word.upper(), word.capitalize())
)
"""What a value has to be to count, so that nearly all fields are told by one look."""
_MEANT_FOR_IT = "debug"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment; outside of production it finds nothing."""

    def check(component: Component) -> Iterator[Finding]:
        """Find settings that switch a debug mode on (a warning), or let a log tell everything (a note).

        A component that is called so is there for it.
        """
        if not surroundings.production or component.role not in {Role.COMPONENT, Role.CONFIG}:
            return
        if _MEANT_FOR_IT in component.id.lower():
            return
        for field in component.fields:
            if field.value in _VALUES and field.aspect is Aspect.CONFIG:
                told = _told(field)
                if told is not None:
                    yield found.about(
                        component, f"{component.id} {told[0]}, by `{field.name}`", field=field.name, level=told[1]
                    )

    found = ComponentRule(
        id="debug-in-production",
        level=Level.WARNING,
        family=Family.CONFIGURATION,
        title="Debug setting in production",
        why=(
            "A debug mode shows users the inside of the software, and often opens a console. A log that tells "
            "everything costs time and space, and has in it what should not be written down, such as logins."
        ),
        fix="Switch it off in production, and keep it in the environments before.",
        example="production:\n  env: {DEBUG: true, LOG_LEVEL: trace}",
        source="CWE-489, Active Debug Code; OWASP Logging Cheat Sheet",
        values=frozenset({Aspect.CONFIG}),
        production_only=True,
        check=check,
    )
    return found


def _told(field: Field) -> tuple[str, Level] | None:
    """Return what a setting does, and how much it weighs; `None` where it is no debug setting or is off."""
    value, last = field.value.lower(), field.name.rpartition(".")[2]
    name = _CAMEL.sub("_", last).replace("-", "_")
    if _SWITCH.fullmatch(name) and value in _SWITCHED_ON:
        return "runs in a debug mode", Level.WARNING
    if _RUN_AS.fullmatch(last) and value in _DEVELOPMENT:
        return f"runs as in {value}", Level.WARNING
    if _LEVEL.fullmatch(name) and value in _TALKATIVE:
        return f"writes its log at the level {value}", Level.NOTE
    return None
