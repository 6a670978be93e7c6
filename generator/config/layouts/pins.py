"""Layouts in which a file for each environment names the tag or commit that it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_word, rank
from generator.config.findings import Found, listed
from generator.config.looking import name_of
from generator.config.schema import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.config.layouts.declared import Declared
    from generator.config.looking import Looker

_MOST_PINS = 20
_PIN_NAMES = frozenset({"commit", "deployed", "pin", "ref", "release", "revision", "sha", "tag", "version"})
_ENDINGS = ("", ".txt")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def with_pins(found: Found, looker: Looker, tags: Sequence[str]) -> Found:
    """Return `found` with an environment for each file that pins one, where there is but one place to read."""
    if not found.assumed:
        return found
    known = frozenset(tags)
    pins: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, path in _pin_files(looker)[:_MOST_PINS]:
        value = looker.first_line(path)
        if name not in pins and (value in known or _COMMIT.fullmatch(value)):
            pins[name], values[name] = path, value
    if not _is_chain(pins):
        return found
    (place,) = found.environments.values()
    environments = {name: place.model_copy(update={"pin": pins[name]}) for name in in_order(pins)}
    what = "a tag that is there" if all(value in known for value in values.values()) else "a tag or a commit"
    reason = f"{listed([pins[name] for name in environments])} each name {what}: the environment is read from there."
    return Found(environments, (*found.reasons[:-1], reason), "sure", found.model, f"pins: {found.what}")


def _pin_files(looker: Looker) -> list[tuple[str, str]]:
    """Return (environment, path) of files that may hold nothing but a pin, the surest names first."""
    found = []
    for path in looker.paths:
        folder, _, file = path.rpartition("/")
        stem = next((file.removesuffix(ending) for ending in reversed(_ENDINGS) if file.endswith(ending)), file)
        inside, around = stem.lower(), name_of(folder).lower()
        before, _, after = inside.rpartition(".")
        if inside in _PIN_NAMES and is_word(around):
            found.append((0, around, path))
        elif after in _PIN_NAMES and is_word(before):
            found.append((1, before, path))
        elif is_word(inside) and around.removesuffix("s") in _PIN_NAMES:
            found.append((2, inside, path))
    return [(name, path) for _, name, path in sorted(found)]


def _is_chain(names: Iterable[str]) -> bool:
    ranks = [rank(name) for name in names]
    return len(ranks) > 1 and PRODUCTION_RANK in ranks


def pinned_by_argo(
    looker: Looker, declared: Sequence[Declared], branches: Sequence[str], tags: Sequence[str]
) -> Found | None:
    """Return environments whose Applications name the same folder at different tags, commits or branches."""
    by_name: dict[str, Declared] = {}
    for place in declared:
        if place.kind == "Application" and place.revision and (name := _environment_in(place.by)):
            if name in by_name:
                return None
            by_name[name] = place
    paths = {place.path for place in by_name.values()}
    if not _is_chain(by_name) or len(paths) != 1:
        return None
    known, heads = frozenset(tags), frozenset(branches)
    (path,) = paths
    at = {name: by_name[name] for name in in_order(by_name)}
    reader = "kustomize" if path in looker.kustomized else "helm" if path in looker.charts else "kubernetes"
    shown = listed([place.by for place in at.values()])
    if all(place.key and (place.revision in known or _COMMIT.fullmatch(place.revision)) for place in at.values()):
        environments = {n: Environment(path=(path,), reader=reader, pin=p.by, pin_key=p.key) for n, p in at.items()}
        return Found(environments, (f"{shown} name the tag or commit of `{path}` that runs.",), "sure", (), "pins")
    revisions = {place.revision for place in at.values()}
    if revisions <= heads and len(revisions) == len(at):
        environments = {n: Environment(path=(path,), reader=reader, ref=p.revision) for n, p in at.items()}
        reason = f"{shown} name `{path}`, each in a branch of its own: {listed(sorted(revisions))}."
        return Found(environments, (reason,), "sure", (), "a branch for each environment")
    return None


def _environment_in(path: str) -> str:
    """Return the environment that a file is called by or stands in the folder of."""
    parts = [part.lower() for part in path.rsplit(".", 1)[0].split("/")]
    words = [word for part in reversed(parts) for word in [part, *re.split(r"[-_.]", part)] if is_word(word)]
    return words[0] if words else ""
