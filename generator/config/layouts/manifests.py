"""Layouts of plain Kubernetes manifests: a folder for each environment, or one place for a single environment."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, rank
from generator.config.findings import Confidence, Found, listed
from generator.config.layouts.refs import assumed_environment
from generator.config.layouts.shapes import best_shapes, environments_of
from generator.config.looking import DEPLOYED, MANIFEST_SUFFIXES, folder_of, is_name, join, name_of
from generator.config.schema import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config.looking import Looker

_MOST_PARENTS = 8
_FILES_OF_A_FOLDER = 8
_SAMPLE = 8
_PLACES = ("release", "kubernetes-manifests", "kubernetes", "k8s", "manifests", "deploy", "deployment", "deployments")
"""Folders at the top that hold the manifests of a single environment, the most telling first."""

Groups = dict[str, dict[str, list[str]]]
"""Parent folder → name of a folder in it that is called like an environment → manifest paths below."""


def find_environment_folders(looker: Looker) -> Found | None:
    """Return environments that are folders beside each other, named like environments, holding manifests."""
    groups = _groups(looker.paths)
    by_component = _by_component(looker, groups)
    if by_component:
        return by_component
    former = _groups(looker.former)
    for parent in sorted(groups, key=lambda parent: _order(parent, groups[parent]))[:_MOST_PARENTS]:
        found = _of_parent(looker, parent, groups[parent], former.get(parent, {}))
        if found:
            return found
    return None


def _by_component(looker: Looker, groups: Groups) -> Found | None:
    """Return environments whose folders stand in the folder of each component, or hold one for each."""
    folders: dict[str, list[str]] = {}
    for parent, named in groups.items():
        for name, paths in named.items():
            place = join(parent, name)
            folders |= {place: [path for path in paths if not looker.rendered_by(path, place)]}
            for path in folders[place]:
                below = path[len(place) + 1 :].partition("/")
                if below[1]:
                    folders.setdefault(join(place, below[0]), []).append(path)
    shapes = [shape for shape in best_shapes(p for p, held in folders.items() if held) if shape.shared > 1][:1]
    if not shapes or "{component}" not in shapes[0].template or len(shapes[0].components) < 2:  # noqa: PLR2004 - with one component, its own folders tell as much
        return None
    places = sorted(shapes[0].members.values())
    sample = places[:: max(len(places) // _SAMPLE, 1)]
    held = [place for place in sample if _kinds(looker, place, folders[place]) & DEPLOYED]
    if 2 * len(held) < len(sample):
        return None
    environments, model = environments_of(shapes, "kubernetes")
    fit = f"{len(places)} folders of plain Kubernetes manifests fit {listed(shapes[0].templates)}"
    reason = f"{fit}: {len(shapes[0].components)} components in {listed(list(environments))}."
    confidence: Confidence = "sure" if shapes[0].to_production else "likely"
    return Found(environments, (reason,), confidence, model, "folders of plain manifests")


def _groups(paths: Iterable[str]) -> Groups:
    groups: Groups = defaultdict(lambda: defaultdict(list))
    for path in paths:
        if not path.endswith(MANIFEST_SUFFIXES):
            continue
        parts = path.split("/")
        for place, part in enumerate(parts[:-1]):
            name = part.lower()
            if rank(name) is not None and is_name(name):
                groups["/".join(parts[:place])][part].append(path)
    return groups


def _order(parent: str, folders: dict[str, list[str]]) -> tuple[int, bool, int, int, str]:
    """Return what puts the parent first that has most environments, then production, then most files."""
    to_production = any(rank(name.lower()) == PRODUCTION_RANK for name in folders)
    files = sum(len(paths) for paths in folders.values())
    return -len(folders), not to_production, -files, parent.count("/"), parent


def _of_parent(
    looker: Looker, parent: str, folders: dict[str, list[str]], former: dict[str, list[str]]
) -> Found | None:
    kinds = {name: _kinds(looker, join(parent, name), paths) for name, paths in folders.items()}
    held = {name: found for name, found in kinds.items() if found}
    workloads = sorted({kind for found in held.values() for kind in found & DEPLOYED})
    if not workloads:
        return None
    broken = [name for name in folders if name not in held and any(path in looker.failed for path in folders[name])]
    gone = _gone(parent, {name: folders[name] for name in held}, former)
    names = {name.lower(): name for name in [*held, *broken, *gone]}
    if len(names) < 2 and rank(next(iter(names))) != PRODUCTION_RANK:  # noqa: PLR2004 - a pair is the least to compare
        return None
    folders_said = listed([join(parent, names[name]) for name in in_order(names) if names[name] in held])
    verb = "hold" if len(held) > 1 else "holds"
    reasons = [f"{folders_said} {verb} plain Kubernetes manifests with workloads ({', '.join(workloads)})."]
    reasons += [
        f"`{join(parent, name)}` holds files that can't be read now, and is taken as an environment by its name."
        for name in sorted(broken)
    ]
    for name in sorted(gone):
        like = join(parent, gone[name][0])
        reasons.append(
            f"`{join(parent, name)}` stood there earlier in the history, with {gone[name][1]} file names of `{like}`."
        )
    environments = {name: Environment(path=(join(parent, names[name]),)) for name in in_order(names)}
    certain = len(held) > 1 and not broken and any(rank(name) == PRODUCTION_RANK for name in names)
    return Found(environments, tuple(reasons), "sure" if certain else "likely", what="folders of plain manifests")


def _gone(parent: str, held: dict[str, list[str]], former: dict[str, list[str]]) -> dict[str, tuple[str, int]]:
    """Return folders of earlier commits that held files as one of today does, with that one and how many they share."""
    gone = {}
    present_names = {name.lower() for name in held}
    for name, paths in sorted(former.items()):
        if name.lower() in present_names:
            continue
        own = _inner(paths, join(parent, name))
        shared = {present: len(own & _inner(held[present], join(parent, present))) for present in sorted(held)}
        like = max(shared, key=lambda present: shared[present])
        if shared[like]:
            gone[name] = (like, shared[like])
    return gone


def _inner(paths: Iterable[str], folder: str) -> set[str]:
    return {path[len(folder) + 1 :] for path in paths}


def _kinds(looker: Looker, root: str, paths: Iterable[str]) -> set[str]:
    """Return the kinds found in some files below `root`, those first whose names promise a workload."""
    plain = [path for path in paths if not looker.rendered_by(path, root)]
    kinds: set[str] = set()
    for path in sorted(plain, key=lambda path: ("deploy" not in name_of(path), path))[:_FILES_OF_A_FOLDER]:
        kinds |= looker.kinds(path)
        if kinds & DEPLOYED:
            break
    return kinds


def find_single_environment(looker: Looker) -> Found | None:
    """Return one environment, `production`, where a well-known place holds plain manifests with workloads."""
    for place in _PLACES:
        below = [path for path in looker.paths if path.startswith(f"{place}/") and path.endswith(MANIFEST_SUFFIXES)]
        plain = [path for path in below if not looker.rendered_by(path, place)]
        if place == "release":
            plain = [path for path in plain if folder_of(path) == place]
        shown = sorted(plain, key=lambda path: ("deploy" not in name_of(path), path))[: 2 * _FILES_OF_A_FOLDER]
        running = {path: kinds for path in shown if (kinds := looker.kinds(path) & DEPLOYED)}
        if not running:
            continue
        # A file that is made for a release is taken alone: what stands beside it is for other ways to install.
        path = next(iter(running)) if place == "release" and len(running) == 1 else place
        shown_kinds = ", ".join(sorted({kind for found in running.values() for kind in found}))
        reasons = (
            f"`{path}` holds plain Kubernetes manifests with workloads ({shown_kinds}).",
            "No folder is called like an environment; the only one is taken to be `production`.",
        )
        environments = assumed_environment(path, "kubernetes")
        return Found(environments, reasons, "guess", what="plain manifests", assumed=True)
    return None
