"""Names of rendered objects: generated hashes taken off them, and the file of the repository that each comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.documents.tree import Mapping, Node, Scalar, Sequence, items, text
from generator.documents.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from generator.readers.kustomize.closure import Closure

_HASHED = re.compile(r"(?P<stem>.+)-[bcdfghkmt2456789]{10}")
_MOST_AFFIXES = 50


class Origin(NamedTuple):
    """An object as a file of the repository names it."""

    kind: str
    name: str
    path: str
    line: int


def origins_of(data: bytes, path: str) -> tuple[Origin, ...]:
    """Return the objects of a file of manifests, those inside lists too."""
    found = []
    waiting: list[Node] = list(parse_yaml(data, path).roots)
    while waiting:
        root = waiting.pop()
        kind, name = text(root, "kind"), text(root, "metadata", "name")
        if kind and name:
            found.append(Origin(kind, name, path, root.line))
        elif kind.endswith("List"):
            waiting += items(root, "items")
    return tuple(sorted(found))


class Names:
    """Which generated or written name stands behind a rendered one."""

    def __init__(self, closure: Closure, origins: Iterable[Origin]) -> None:
        """Take the generators and affixes of `closure`, and the objects of its files."""
        self._prefixes = sorted({p for c in closure.contents for p in c.prefixes})[:_MOST_AFFIXES]
        self._suffixes = sorted({s for c in closure.contents for s in c.suffixes})[:_MOST_AFFIXES]
        made = [g for c in closure.contents for g in c.generated if g.name]
        self._hashed: dict[str, set[str]] = {}
        self._origins: dict[str, dict[str, Origin]] = {}
        for generated in made:
            if generated.hashed:
                self._hashed.setdefault(generated.kind, set()).add(generated.name)
        known = [Origin(g.kind, g.name, g.path, g.line) for g in made] + list(origins)
        for origin in sorted(known, reverse=True):
            self._origins.setdefault(origin.kind, {})[origin.name] = origin

    def without_hash(self, kind: str, name: str) -> str:
        """Return the name without the hash that a generator's object gets; the same name where it has none."""
        names = self._hashed.get(kind)
        found = _HASHED.fullmatch(name) if names else None
        if names is None or found is None:
            return name
        return found["stem"] if self._behind(found["stem"], names) else name

    def origin(self, kind: str, name: str) -> Origin | None:
        """Return where an object comes from, `name` being the rendered one without a hash; `None` if untold."""
        known = self._origins.get(kind, {})
        behind = name if name in known else self._behind(name, known)
        return known[behind] if behind else None

    def _behind(self, name: str, known: Collection[str]) -> str:
        """Return the longest of the `known` names that becomes `name` by adding affixes; empty where none does."""
        if name in known:
            return name
        if not self._prefixes and not self._suffixes:
            return ""
        heads = _ends(name, self._prefixes, str.startswith)
        tails = _ends(name[::-1], [s[::-1] for s in self._suffixes], str.startswith)
        found = {name[head : len(name) - tail] for head in heads for tail in tails if head + tail < len(name)}
        return max(found.intersection(known), key=lambda n: (len(n), n), default="")


def _ends(name: str, affixes: list[str], fits: Callable[[str, str, int], bool]) -> set[int]:
    """Return how many characters at the start of `name` may be affixes, one after another."""
    reached, waiting = {0}, [0]
    while waiting:
        place = waiting.pop()
        for affix in affixes:
            if affix and fits(name, affix, place) and (end := place + len(affix)) not in reached:
                reached.add(end)
                waiting.append(end)
    return reached


def take_off_hashes(roots: Iterable[Node], names: Names) -> None:
    """Give every generated object of `roots` its name without the hash, and everything that refers to it the same."""
    every = [(text(r, "kind"), text(r, "metadata", "name")) for r in roots]
    taken = set(every)
    shorter: dict[str, str] = {}
    for kind, name in every:
        short = names.without_hash(kind, name)
        if short != name and (kind, short) not in taken:
            taken.add((kind, short))
            shorter[name] = short
    if not shorter:
        return
    ordered = sorted(shorter, key=lambda n: (-len(n), n))
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])")
    for root in roots:
        for scalar in scalars(root):
            scalar.text = pattern.sub(lambda found: shorter[found[0]], scalar.text)


def scalars(root: Node) -> Iterator[Scalar]:
    """Yield every text below `root`."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        else:
            waiting += node.entries.values() if isinstance(node, Mapping) else _items(node)


def _items(node: Sequence) -> list[Node]:
    return node.items
