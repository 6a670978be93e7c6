"""Rules that the user declares, as rules like any other.

A rule looks at each component alone, or at it and the same component upstream. What is compared is the raw text of a
field. Of a secret only a fingerprint is known, so only whether it is there, and whether it is the same upstream, can
be told of it: a rule that names a secret and asks for more says that it can't, and one whose name ends with `*` passes
the secrets among its fields over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from generator.assurance.checks.quantities import quantity
from generator.assurance.findings import ComponentRule, Family, Level, UpstreamRule
from generator.config.user_rules import WORDS, compiled
from generator.model.component import Aspect, Role
from generator.model.component import Field as Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from generator.assurance.findings import Finding, UpstreamView
    from generator.config.user_rules import Must, UserRule
    from generator.model.component import Component

_ASPECTS = frozenset(aspect.value for aspect in Aspect)
_LABEL = "labels."
_ANY_START = r"(?:.*\.)?"
_LONGEST_VALUE = 120
"""Characters of a value that a message shows."""
_SIGNS = re.compile(r"([+-]?)(.*)", re.DOTALL)
_BRACES = re.compile(r"\{(component|field|value|environment)\}")
_MANY_NAMES = 1 << 14
"""Names of fields whose fit to a pattern is kept: the same few come again at each deployment."""

Ask: TypeAlias = Callable[[str], str]
"""Takes a value and returns what is wrong with it, as the end of a sentence; empty where nothing is."""


def user_rule(rule: UserRule, environment: str) -> ComponentRule | UpstreamRule | None:
    """Return the rule that `rule` declares for `environment`; `None` where it is not meant for that one."""
    if not _pattern(rule.where.environment).fullmatch(environment):
        return None
    selected, fields, told = _selected(rule), _Fields(rule.field), _Wording(rule, environment)
    if rule.must.same_as_upstream:
        against = UpstreamRule(check=_never, **_texts(rule))

        def compare(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
            if selected(component):
                yield from _unlike_upstream(against, component, upstream, fields, told)

        return replace(against, check=compare)
    alone = ComponentRule(check=_never, values=_values(rule), **_texts(rule))
    judge = _presence(rule.must) if rule.must.operator in WORDS else _values_judge(rule)

    def check(component: Component) -> Iterator[Finding]:
        if selected(component):
            yield from judge(alone, component, fields, told)

    return replace(alone, check=check)
