"""Entries of exports to records, by a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.forms import FORMS
from generator.events.limits import few
from generator.events.paths import values_at
from generator.events.rows import Item, Row, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.events.mapping import Condition, Mapping, Taking
    from generator.events.plain import Gathering
    from generator.events.rows import Plain


def mapped(gathering: Gathering, mapping: Mapping, items: Iterable[Item], *, inside: bool = False) -> None:
    """Take in the entries of an export; `inside` says that they are those of the list that `mapping.items` names."""
    form = FORMS[mapping.section]
    for item in few(gathering, items if inside else _listed(gathering, mapping, items)):
        if not isinstance(item.value, dict):
            gathering.refuse("entry", "an entry of the export that is no mapping", item.line)
        elif all(_holds(condition, item.value) for condition in mapping.where):
            gathering.add(form, _row(mapping, item))


def _listed(gathering: Gathering, mapping: Mapping, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the entries of each page of an export."""
    for page in items:
        value = page.value
        for name in mapping.items:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, list):
            yield from (Item(entry, page.line) for entry in value)
        elif mapping.items:
            path = ".".join(mapping.items)
            gathering.refuse("mapping", f"no list stands at `{path}`", page.line, "see `items` in the mapping")
        else:
            yield page


def _holds(condition: Condition, value: Plain) -> bool:
    found = [text_of(one) for one in values_at(value, condition.path)]
    if not condition.of:
        return not found
    return any(text in condition.of for text in found)


def _row(mapping: Mapping, item: Item) -> Row:
    """Return what an entry tells, by the keys of records."""
    found: dict[str, str] = {}
    broken = []
    for key, taking in mapping.fields.items():
        text = _taken(taking, item.value)
        if text is None:
            broken.append(key)
        elif text:
            found[key] = text
    names = {key: taking.shown for key, taking in mapping.fields.items() if taking.paths}
    return Row(found, item.line, names=names, broken=tuple(broken))


def _taken(taking: Taking, value: Plain) -> str | None:
    """Return the text of one key, empty where there is none; `None` where no single value stands at its end."""
    for path in taking.paths:
        for one in values_at(value, path):
            text = text_of(one)
            if text is None:
                return None
            if text.startswith(taking.prefix) and text != taking.prefix:
                rest = text.removeprefix(taking.prefix).strip()
                return taking.values.get(rest, rest)
    return taking.default
