"""What the user's `ignore` takes out of a reading: fields that are set by a build and not by people, whole components.

A rule names a component and a field, each with `*` for any text. A field's pattern is its name, or the end of it from
a dot on, so that `env.BUILD_*` is that setting in whatever container; `ASPECT:PATTERN` keeps to one aspect.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import msgspec

from generator.model.component import Aspect, Component, Field, Reference, Role, rebuilt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.reader import Reading

_ASPECTS = frozenset(aspect.value for aspect in Aspect)
_KINDS_OF = {
    Role.CONFIG: ("ConfigMap",),
    Role.SECRET: ("Secret", "SealedSecret", "ExternalSecret", "Certificate"),
    Role.VOLUME: ("PersistentVolumeClaim",),
    Role.EXPOSURE: ("Service",),
    Role.COMPONENT: ("Service",),
}
"""How the id of what a reference of a role leads to may begin."""
_MOST_KNOWN = 1 << 16
_LABELS = re.compile(r"(?:.*\.)?labels\.(?P<label>.*)", re.DOTALL)


class IgnoreRule(Protocol):
    """One entry of the user's `ignore`."""

    @property
    def component(self) -> str:
        """Pattern of the component's id."""
        ...

    @property
    def field(self) -> str:
        """Pattern of the field; empty where the whole component is meant."""
        ...

    @property
    def environment(self) -> str:
        """Pattern of the environment's name; empty for all."""
        ...

    @property
    def reason(self) -> str:
        """Why it does not count."""
        ...


class _Rule(msgspec.Struct, frozen=True):
    number: int
    environment: re.Pattern[str]
    component: re.Pattern[str]
    field: re.Pattern[str] | None
    """`None` where the whole component is meant."""
    aspect: str
    """Empty for any."""

    def takes(self, one: Field) -> bool:
        return (
            self.field is not None
            and (not self.aspect or self.aspect == one.aspect)
            and self.field.fullmatch(one.name) is not None
        )


class Ignoring:
    """The user's rules, ready to be applied to each reading."""

    def __init__(self, rules: Sequence[IgnoreRule]) -> None:
        """Take the rules in the order of the configuration."""
        self._rules = tuple(_rule(number, rule) for number, rule in enumerate(rules))
        self._taking: dict[tuple[tuple[int, ...], str, str], tuple[int, ...]] = {}

    def apply(self, reading: Reading, environment: str) -> Reading:
        """Return `reading` without what is ignored in `environment`; itself where nothing is.

        `Reading.ignored` gets the places, from 0, of the rules that took something away.
        """
        rules = [rule for rule in self._rules if rule.environment.fullmatch(environment)]
        if not rules:
            return reading
        met: set[int] = set()
        kept = []
        for one in reading.components:
            whole = {rule.number for rule in rules if rule.field is None and rule.component.fullmatch(one.id)}
            if whole:
                met |= whole
            else:
                kept.append(self._without(one, rules, met))
        if not met and all(one is other for one, other in zip(kept, reading.components, strict=True)):
            return reading
        return msgspec.structs.replace(reading, components=tuple(kept), ignored=tuple(sorted(met)))

    def _without(self, one: Component, rules: Sequence[_Rule], met: set[int]) -> Component:
        mine = [rule for rule in rules if rule.component.fullmatch(one.id)]
        if not any(rule.field for rule in mine):
            return _without(one, list(one.fields), [], rules)
        numbers = tuple(rule.number for rule in mine)
        gone: list[Field] = []
        kept: list[Field] = []
        for field in one.fields:
            taking = self._takes(mine, numbers, field)
            met.update(taking)
            (gone if taking else kept).append(field)
        return _without(one, kept, gone, rules)

    def _takes(self, mine: Sequence[_Rule], numbers: tuple[int, ...], field: Field) -> tuple[int, ...]:
        """Return the rules that take a field away; the same few names come again in each reading."""
        key = (numbers, field.aspect, field.name)
        found = self._taking.get(key)
        if found is None:
            if len(self._taking) >= _MOST_KNOWN:
                self._taking.clear()
            found = self._taking[key] = tuple(rule.number for rule in mine if rule.takes(field))
        return found


def ignoring(reading: Reading, rules: Sequence[IgnoreRule], environment: str) -> Reading:
    """Return `reading` without what `rules` ignore in `environment`; for many readings, keep an `Ignoring`."""
    return Ignoring(rules).apply(reading, environment) if rules else reading


def _rule(number: int, rule: IgnoreRule) -> _Rule:
    aspect, colon, rest = rule.field.partition(":")
    only = aspect if colon and aspect in _ASPECTS else ""
    name = rest if only else rule.field
    return _Rule(
        number,
        _pattern(rule.environment or "*"),
        _pattern(rule.component or "*"),
        _pattern(name or "*", start=r"(?:.*\.)?") if rule.field else None,
        only,
    )


def _pattern(words: str, start: str = "") -> re.Pattern[str]:
    """Return a pattern in which `*` is any text, and everything else is itself."""
    return re.compile(start + ".*".join(re.escape(part) for part in words.split("*")), re.DOTALL)


def _without(one: Component, kept: list[Field], gone: list[Field], rules: Sequence[_Rule]) -> Component:
    """Return a component with the fields `kept`, and without what only those that are `gone` tell."""
    references = [r for r in one.references if not _told_by(r, gone) or _told_by(r, kept)]
    whole = [rule for rule in rules if rule.field is None]
    if whole:
        references = [r for r in references if not _leads_to_ignored(r, whole)]
    if not gone and len(references) == len(one.references):
        return one
    lost = {found["label"]: field.value for field in gone if (found := _LABELS.fullmatch(field.name))}
    labels = tuple(label for label in one.labels if lost.get(label[0]) != label[1])
    return rebuilt(one, fields=kept, references=references, labels=labels)


def _told_by(reference: Reference, fields: Sequence[Field]) -> bool:
    """Return whether one of `fields` is the one that makes a reference, or a part of the item that does."""
    starts = (f"{reference.field}.", f"{reference.field}[")
    return any(field.name == reference.field or field.name.startswith(starts) for field in fields)


def _leads_to_ignored(reference: Reference, whole: Sequence[_Rule]) -> bool:
    """Return whether a reference is to a component that is ignored as a whole, which is therefore not missing."""
    names = {reference.target, reference.target.partition(".")[0]}
    ids = names | {f"{kind}/{name}" for kind in _KINDS_OF.get(reference.role, ()) for name in names}
    return any(rule.component.fullmatch(identity) for rule in whole for identity in ids)
