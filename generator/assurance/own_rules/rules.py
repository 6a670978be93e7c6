"""Rules that the user declares, as rules like any other.

A rule looks at each component alone, or at it and the same component upstream. What is compared is the raw text of a
field. Of a secret only a fingerprint is known, so only whether it is there, and whether it is the same upstream, can
be told of it: a rule that names a secret and asks for more says that it can't, and one whose pattern ends with `*`
passes the secrets among its fields over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level, UpstreamRule
from generator.assurance.own_rules.operators import NOT_A_NUMBER, asked
from generator.config.patterns import Pattern
from generator.config.user_rules import WORDS
from generator.model.component import Aspect, Field, Role
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.config.user_rules import UserRule, Where
    from generator.model.component import Component

_ASPECTS = frozenset(aspect.value for aspect in Aspect)
_LABELS = "labels."
_LONGEST_VALUE = 120
"""Characters of a value that a message shows."""
_BRACES = re.compile(r"\{(component|field|value|environment)\}")
_MANY = 1 << 14
"""Names of fields of which it is kept whether they fit: the same few come again at each deployment."""
_A_SECRET = "a secret"  # noqa: S105 - the words, not a secret
_WHY = "A rule of this repository's configuration."
_FIX = "Change the field as the rule asks, or waive the finding with its reason."


def user_rule(rule: UserRule, environment: str) -> ComponentRule | UpstreamRule | None:
    """Return the rule that `rule` declares for `environment`; `None` where it is not meant for that one."""
    if not Pattern(rule.where.environment).fits(environment):
        return None
    declared = _Declared(rule, environment)
    voice = declared.voice
    if not rule.must.same_as_upstream:
        return voice
    return UpstreamRule(
        id=voice.id,
        level=voice.level,
        family=voice.family,
        title=voice.title,
        why=voice.why,
        fix=voice.fix,
        example=voice.example,
        check=declared.against,
    )


class _Declared:
    """One declared rule in one environment: which components and fields it means, and what it says of them."""

    def __init__(self, rule: UserRule, environment: str) -> None:
        self._rule, self._environment = rule, environment
        self._selection = _Selection(rule.where)
        aspect, colon, rest = rule.field.partition(":")
        self._aspect = aspect if colon and aspect in _ASPECTS else ""
        self._words = rest if self._aspect else rule.field
        self._pattern = Pattern(self._words)
        self._fits: dict[str, bool] = {}
        self._ask = asked(rule.must)
        self.voice = ComponentRule(
            id=rule.id,
            level=Level(rule.level),
            family=Family(rule.family),
            title=rule.title or rule.id.replace("-", " ").capitalize(),
            why=rule.why or _WHY,
            fix=rule.fix or _FIX,
            example=_masked(f"{rule.field}: must {_asked_in_words(rule)}"),
            values=self._values(),
            check=self.alone,
        )

    def alone(self, component: Component) -> Iterator[Finding]:
        """Judge the fields of one component."""
        if not self._selection.takes(component):
            return
        fields = self._fields(component)
        if self._rule.must.exist:
            if not fields:
                yield self._finding(component, self._words, "", "is not there")
        elif self._rule.must.absent:
            for field in fields:
                yield self._finding(component, field.name, _shown(field), "is there, and must not be")
        else:
            yield from self._judged(component, fields)

    def against(self, component: Component, upstream: UpstreamView) -> Iterator[Finding]:
        """Judge the fields of one component by those that it has upstream."""
        above = upstream.component(component.id) if upstream.exists and self._selection.takes(component) else None
        if above is None:
            return
        ours = {field.name: field for field in self._fields(component)}
        theirs = {field.name: field for field in self._fields(above)}
        for name in sorted(ours.keys() | theirs.keys()):
            here, there = ours.get(name), theirs.get(name)
            if here is None:
                yield self._finding(component, name, "", f"is not there, and is in {upstream.name}")
            elif there is None:
                yield self._finding(component, name, _shown(here), f"is not there in {upstream.name}")
            elif here.value != there.value:
                told = f"is not the one of {upstream.name}"
                told += "" if Aspect.SECRET in {here.aspect, there.aspect} else f", {_cut(there.value)}"
                yield self._finding(component, name, _shown(here), told)

    def _judged(self, component: Component, fields: list[Field]) -> Iterator[Finding]:
        for field in fields:
            if field.aspect is not Aspect.SECRET:
                wrong = self._ask(field.value)
                if wrong:
                    plain = wrong.startswith(NOT_A_NUMBER)
                    yield self._finding(component, field.name, _shown(field), wrong, plain=plain)
            elif not self._words.endswith("*"):
                told = "is a secret, of which no more is known than whether it changed, so the rule can't judge it"
                yield self._finding(component, field.name, _shown(field), told, plain=True)

    def _finding(self, component: Component, field: str, value: str, wrong: str, *, plain: bool = False) -> Finding:
        """Return a finding in the user's words, or in `plain` ones where those would not tell what is wrong."""
        words = {"component": component.id, "field": field, "value": value, "environment": self._environment}
        if self._rule.message and not plain:
            message = _BRACES.sub(lambda found: words[found[1]], self._rule.message)
        else:
            shown = f" ({value})" if value and value != _A_SECRET else ""
            message = f"`{field}` of {component.id}{shown} {wrong}"
        return self.voice.about(component, _masked(message), field=field)

    def _fields(self, component: Component) -> list[Field]:
        """Return the fields that are meant; where there are none, the labels of its pods that are."""
        found = [f for f in component.fields if self._aspect in {"", f.aspect} and self._fit(f.name)]
        if found or self._aspect not in {"", Aspect.CONFIG}:
            return found
        labels = (Field(Aspect.CONFIG, f"{_LABELS}{key}", value) for key, value in component.labels)
        return [label for label in labels if self._fit(label.name)]

    def _fit(self, name: str) -> bool:
        found = self._fits.get(name)
        if found is None:
            if len(self._fits) >= _MANY:
                self._fits.clear()
            found = self._fits[name] = self._pattern.fits_field(name)
        return found

    def _values(self) -> frozenset[Aspect]:
        """Return the aspects whose values the findings depend on."""
        rule = self._rule
        by_name = rule.must.operator in WORDS and not rule.where.labels and "{value}" not in rule.message
        shown = rule.must.absent and not rule.message
        return frozenset() if by_name and not shown else frozenset(Aspect)


class _Selection:
    """Which components a rule looks at."""

    def __init__(self, where: Where) -> None:
        self._component, self._kind = Pattern(where.component), Pattern(where.kind)
        any_role = not where.role and where.kind != "*"
        self._role = None if any_role else Role(where.role or Role.COMPONENT)
        self._labels = tuple((key, Pattern(value)) for key, value in sorted(where.labels.items()))

    def takes(self, component: Component) -> bool:
        """Return whether the rule looks at `component`."""
        return (
            self._role in {None, component.role}
            and self._component.fits(component.id)
            and self._kind.fits(component.kind)
            and all(_has_label(component, key, value) for key, value in self._labels)
        )


def _has_label(component: Component, key: str, value: Pattern) -> bool:
    """Return whether the object or its pods have the label."""
    own = [field.value for field in component.fields if field.name == f"{_LABELS}{key}"]
    return any(value.fits(found) for found in [*own, *(text for name, text in component.labels if name == key)])


def _asked_in_words(rule: UserRule) -> str:
    operator = rule.must.operator
    value = "" if operator in WORDS else f": {getattr(rule.must, operator)}"
    return f"{operator}{value}"


def _masked(text: str) -> str:
    """Return a sentence without the secrets that the rule itself may ask for; those of components are masked."""
    return mask_within(text, lambda _: "secret")


def _shown(field: Field) -> str:
    return _A_SECRET if field.aspect is Aspect.SECRET else _cut(field.value)


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"
