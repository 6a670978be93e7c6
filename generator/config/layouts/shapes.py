"""Shapes of layouts: how places of one kind, such as folders with a kustomization, lie by environment and component."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_site, is_word, rank, short_names
from generator.config.looking import is_name
from generator.config.schema import Environment, ModelSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MOST_ENTRIES = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """What a place says of its environment."""

    environment: str
    """The word in the path, as it is written there."""
    site: str = ""
    """One of several production sites; empty where there is but one place."""

    @property
    def name(self) -> str:
        """Return what the environment may be called."""
        return f"{self.environment}-{self.site}".lower() if self.site else self.environment.lower()


@dataclass(frozen=True, slots=True)
class Shape:
    """Places that fit one path template."""

    template: str
    """Without the part of a site."""
    members: Mapping[tuple[Slot, str], str]
    """(environment, component) → place; the component is empty where the template tells none."""
    templates: tuple[str, ...]
    """The templates of the places, with and without the part of a site."""

    @property
    def slots(self) -> frozenset[Slot]:
        """Return the environments of the members."""
        return frozenset(slot for slot, _ in self.members)

    @property
    def components(self) -> frozenset[str]:
        """Return the components of the members."""
        return frozenset(component for _, component in self.members)

    @property
    def shared(self) -> int:
        """Return the number of environments that the component with most of them has."""
        return max(Counter(component for _, component in self.members).values())

    @property
    def to_production(self) -> bool:
        """Return whether one of the environments is called like production."""
        return any(rank(slot.name) == PRODUCTION_RANK for slot in self.slots)


def best_shapes(places: Iterable[str]) -> list[Shape]:
    """Return the shapes that most of `places` fit, none with a place of another; empty where none tells environments.

    The first one is the best; further ones have the environments of the first.
    """
    left = _outermost(set(places))
    taken: list[Shape] = []
    while left and len(taken) < _MOST_ENTRIES:
        shapes = [shape for shape in _shapes(left) if _compares(shape) and (not taken or _goes_with(shape, taken[0]))]
        if not shapes:
            break
        taken.append(min(shapes, key=_order))
        if "{component}" not in taken[0].template:
            break
        left -= set(taken[-1].members.values())
    return taken


def _compares(shape: Shape) -> bool:
    """Return whether a component stands in two environments, or the only one is production."""
    if shape.shared > 1:
        return True
    # A word beside another, as in `prod-tools`, is too little where nothing else is called like an environment.
    return shape.to_production and all(is_word(slot.environment.lower()) for slot in shape.slots)


def _goes_with(shape: Shape, first: Shape) -> bool:
    return "{component}" in shape.template and shape.slots <= first.slots


def _order(shape: Shape) -> tuple[object, ...]:
    """Return what puts the shape first that holds most, then the one that is told most plainly."""
    inner = min(place.count("/") for place in shape.members.values())
    by_component = "{component}" in shape.template
    depth = shape.template.partition("{component}")[0].count("/")
    return shape.shared < 2, -len(shape.members), not shape.to_production, inner, by_component, -depth, shape.template  # noqa: PLR2004 - a pair is the least to compare


def _outermost(places: set[str]) -> set[str]:
    """Return `places` without those inside another place of an environment: the outer one says what is in it."""
    telling = {place for place in places if any(rank(part.lower()) is not None for part in place.split("/"))}
    return {place for place in places if not any(folder in telling for folder in _above(place))}


def _above(place: str) -> list[str]:
    parts = place.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _shapes(places: set[str]) -> list[Shape]:
    members: dict[str, dict[tuple[Slot, str], str]] = defaultdict(dict)
    templates: dict[str, set[str]] = defaultdict(set)
    for place in sorted(places):
        for template, slot, component in _readings(place):
            alike = "/".join(part for part in template.split("/") if part != "{cluster}")
            members[alike].setdefault((slot, component), place)
            templates[alike].add(template)
    return [Shape(alike, members[alike], tuple(sorted(templates[alike]))) for alike in sorted(members)]


def _readings(place: str) -> Iterator[tuple[str, Slot, str]]:
    """Yield each way to read a place as a template, with what it then tells."""
    parts = place.split("/")
    for at, part in enumerate(parts):
        if rank(part.lower()) is None or not is_name(part.lower()):
            continue
        marked, site = [*parts[:at], "{environment}", *parts[at + 1 :]], ""
        for beside in (at + 1, at - 1):
            if not site and 0 <= beside < len(parts) and is_site(parts[beside].lower()):
                site, marked[beside] = parts[beside], "{cluster}"
        yield "/".join(marked), Slot(part, site), ""
        for other, text in enumerate(marked):
            if "{" not in text:
                yield "/".join([*marked[:other], "{component}", *marked[other + 1 :]]), Slot(part, site), text


def environments_of(
    shapes: list[Shape], reader: str, values: tuple[str, ...] = ()
) -> tuple[dict[str, Environment], tuple[ModelSource, ...]]:
    """Return the environments that `shapes` tell, with a path of their own where no component is told apart."""
    first = shapes[0]
    called = short_names(sorted({slot.name for slot in first.slots}))
    by_path = "{component}" not in first.template
    if by_path:
        called = {name: short if is_name(short) else name for name, short in called.items()}
    found: dict[str, Environment] = {}
    for (slot, _), place in sorted(first.members.items(), key=lambda member: member[1]):
        name = called[slot.name] if by_path else slot.name
        if by_path:
            found[name] = Environment(path=(place,), reader=reader)
        else:
            word = slot.environment if slot.environment != name else ""
            found[name] = Environment(environment=word, cluster=slot.site)
    ordered = {name: found[name] for name in in_order(found)}
    if by_path:
        return ordered, ()
    templates = [template for shape in shapes for template in shape.templates]
    return ordered, tuple(ModelSource(reader=reader, templates=(t,), values=values) for t in templates)
