"""Words that environments are called by, and the order of promotion that they tell."""

from __future__ import annotations

import itertools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAGES: tuple[tuple[str, ...], ...] = (
    ("sandbox", "dev", "devel", "develop", "development"),
    ("ci", "int", "integ", "integration"),
    ("test", "testing", "tst"),
    ("qa", "quality"),
    ("acc", "acceptance", "uat"),
    ("stage", "staging", "stg"),
    ("preprod", "pre-prod", "preproduction", "pre-production"),
    ("canary",),
    ("live", "prd", "prod", "production"),
)
_RANKS = MappingProxyType({word: rank for rank, words in enumerate(_STAGES) for word in words})
PRODUCTION_RANK = len(_STAGES) - 1
# Words that are common in names of other things: on their own they are environments, in `test-data` they are not.
_ALONE_ONLY = frozenset(
    {"sandbox", "ci", "int", "integ", "integration", "test", "testing", "quality", "canary", "live"}
)

_QUARTER = "(?:north|south|east|west|central)"
_PLACE = (
    "af|africa|ap|apac|asia|au|australia|br|brazil|ca|canada|cn|emea|eu|europe|fr|france|germany|hk|india|ireland|japan"
    "|jp|kr|mx|na|nl|northamerica|sa|sg|singapore|southamerica|uk|us|usa"
)
# Regions as clouds call them (`eu-west-1`, `us-east1`, `westeurope`, `europe-west4`), and numbered places.
_SITE = re.compile(
    rf"(?:(?:{_PLACE})(?:[-_]?{_QUARTER}+)?|{_QUARTER}+(?:{_PLACE}))(?:[-_]?[0-9]{{1,3}}[a-z]?)?"
    r"|(?:cluster|dc|region|site|zone)(?:[-_]?[0-9]{1,3}|[-_][a-z])"
)


def _between_separators(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9])")


_INSIDE = _between_separators(_RANKS.keys() - _ALONE_ONLY)
_INSIDE_FILE_NAME = _between_separators(_RANKS)


def rank(name: str) -> int | None:
    """Return how late in the order of promotion an environment called `name` comes; `None` for any other name.

    `prod-eu` counts as `prod`, since it holds the word between separators.
    """
    if name in _RANKS:
        return _RANKS[name]
    found = _INSIDE.search(name)
    return _RANKS[found.group()] if found else None


def is_word(name: str) -> bool:
    """Return whether a name is just the word for an environment, without anything beside it."""
    return name in _RANKS


def is_site(name: str) -> bool:
    """Return whether a name is that of a region or of one of several places that the same is deployed to."""
    return _SITE.fullmatch(name) is not None


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return what environments are called: `staging` for `shop-staging` where all names hold the same beside it."""
    given = list(names)
    beside = {variant(name) for name in given}
    words = [found.group() if (found := _INSIDE.search(name)) else name for name in given]
    shorter = len(beside) == 1 and len(given) > 1 and len(set(words)) == len(given) and not is_site(min(beside))
    return dict(zip(given, words if shorter else given, strict=True))


def variant(name: str) -> str:
    """Return what a name holds beside its word: `eu` for `prod-eu`, nothing for `prod`."""
    return "" if name in _RANKS else _INSIDE.sub("", name, count=1).strip("-_.")


def span(stem: str) -> tuple[int, int] | None:
    """Return where an environment's word stands in the stem of a file name, such as `values-staging`."""
    found = _INSIDE_FILE_NAME.search(stem)
    return found.span() if found else None


def in_order(names: Iterable[str]) -> list[str]:
    """Return `names` in the order of promotion; names that tell no order come first, by the alphabet."""
    ranks = {name: rank(name) for name in names}
    return sorted(ranks, key=lambda name: (-1 if ranks[name] is None else ranks[name] or 0, name))


def upstreams(names: Iterable[str]) -> dict[str, str]:
    """Return the upstream of each name, in the order of promotion; empty where none can be told.

    Of several environments of one stage, the one with the same variant is taken: `prod-eu` comes from `staging-eu`.
    """
    told: dict[str, str] = {}
    before: list[str] = []
    for stage, group in itertools.groupby(in_order(names), key=rank):
        members = list(group)
        by_variant = {variant(name): name for name in reversed(before)}
        told |= {name: by_variant.get(variant(name), before[0] if before else "") for name in members}
        before = members if stage is not None else []
    return told
