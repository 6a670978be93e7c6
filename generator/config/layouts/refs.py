"""Layouts whose environments are branches, and single environments whose releases are tags."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_word, rank
from generator.config.findings import SINGLE, Found, listed, weaker
from generator.config.schema import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TRUNKS = ("main", "master", "trunk", "default")
_FOLDERS = frozenset({"env", "envs", "environment", "environments", "deploy", "deployment", "deployments"})
_BEFORE_PRODUCTION = ("qa", "acceptance", "staging", "preprod")
_LEAST_TAGS = 3
_MOST_PARTS = 3
_VERSION = re.compile(r"(?P<prefix>(?:[A-Za-z][\w.]*[-/_@])?[vV]?)(?P<number>[0-9]+(?:\.[0-9]+)+)(?:[-+._].*)?")


def environment_branches(branches: Iterable[str]) -> dict[str, str]:
    """Return environment → branch for branches that are called just like environments; none where they make no chain.

    Where none is called like production but one like the stages right before it, the trunk is production.
    """
    names = sorted(branches, key=lambda name: (name.count("/"), name))
    found: dict[str, str] = {}
    for name in names:
        folder, _, word = name.rpartition("/")
        if is_word(word.lower()) and (not folder or folder in _FOLDERS):
            found.setdefault(word.lower(), name)
    ranks = {rank(name) for name in found}
    trunk = next((name for name in _TRUNKS if name in names), "")
    if PRODUCTION_RANK not in ranks and trunk and ranks & {rank(word) for word in _BEFORE_PRODUCTION}:
        found[SINGLE] = trunk
    to_production = any(rank(name) == PRODUCTION_RANK for name in found)
    return {name: found[name] for name in in_order(found)} if to_production and len(found) > 1 else {}


def with_branches(found: Found, branches: Sequence[str]) -> Found:
    """Return `found` with a branch for each environment where the branches tell so, or with what speaks against it."""
    named = environment_branches(branches)
    if not named or _has_history(found):
        return found
    said = f"The branches {listed(list(named.values()))} are called like environments"
    if found.assumed:
        (place,) = found.environments.values()
        environments = {name: place.model_copy(update={"ref": branch}) for name, branch in named.items()}
        reasons = (*found.reasons[:-1], f"{said}: each is taken as one, with what stands in it.")
        return Found(environments, reasons, "likely", found.model, f"a branch for each environment: {found.what}")
    trunk = next((name for name in _TRUNKS if name in branches), "")
    matched = _by_stage(found.environments, named)
    if trunk or not matched:
        beside = f", beside `{trunk}`" if trunk else ""
        reason = (
            f"{said}{beside}; the files tell environments too, and one branch with all of them is taken. If each "
            "branch is deployed, give each environment its `ref`."
        )
        return replace(found, reasons=(*found.reasons, reason))
    environments = {
        name: environment.model_copy(update={"ref": matched[name]}) for name, environment in found.environments.items()
    }
    reason = (
        f"{said}, and there is no other trunk: each environment is read from its own branch. If all are deployed from "
        "one, leave out `ref`."
    )
    confidence = weaker(found.confidence, "likely")
    return replace(found, environments=environments, reasons=(*found.reasons, reason), confidence=confidence)


def _by_stage(environments: Iterable[str], named: Mapping[str, str]) -> dict[str, str]:
    """Return environment → branch where each environment has just one branch of its name or stage; else none."""
    matched = {}
    for name in environments:
        fitting = [branch for word, branch in named.items() if word == name] or [
            branch for word, branch in named.items() if rank(word) == rank(name)
        ]
        if len(fitting) != 1:
            return {}
        matched[name] = fitting[0]
    return matched if len(set(matched.values())) == len(matched) else {}


def release_pattern(tags: Iterable[str]) -> tuple[str, int]:
    """Return the pattern that most tags like versions fit, and how many do; nothing where they are too few."""
    groups: dict[str, list[int]] = defaultdict(list)
    for tag in tags:
        if version := _VERSION.fullmatch(tag):
            groups[version["prefix"]].append(version["number"].count(".") + 1)
    if not groups:
        return "", 0
    prefix = min(groups, key=lambda prefix: (-len(groups[prefix]), prefix))
    parts = min(*groups[prefix], _MOST_PARTS)
    count = len(groups[prefix])
    return (prefix + ".".join("*" * parts), count) if count >= _LEAST_TAGS else ("", count)


def with_tags(found: Found, tags: Sequence[str]) -> Found:
    """Return `found` with tags as its releases, where it has a single environment and the tags look like versions."""
    pattern, count = release_pattern(tags)
    single = len(found.environments) == 1 and (found.assumed or _is_compose(found))
    if not pattern or not single or _has_history(found):
        return found
    environments = {name: place.model_copy(update={"tags": pattern}) for name, place in found.environments.items()}
    reason = (
        f"{count} tags look like versions: each that fits `{pattern}` is taken as a release. If every commit is "
        "deployed, leave out `tags`."
    )
    confidence = "likely" if count > _LEAST_TAGS * 3 else found.confidence
    return replace(found, environments=environments, reasons=(*found.reasons, reason), confidence=confidence)


def _has_history(found: Found) -> bool:
    """Return whether something else tells already where the history of an environment is."""
    return any(environment.placed_by for environment in found.environments.values())


def _is_compose(found: Found) -> bool:
    return any(source.reader == "compose" for source in found.model)


def assumed_environment(path: str, reader: str) -> dict[str, Environment]:
    """Return the only environment of a repository, at `path`."""
    return {SINGLE: Environment(path=(path,), reader=reader)}
