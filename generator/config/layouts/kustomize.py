"""Layouts of Kustomize: a folder with a kustomization for each environment, or for each application and environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.environment_words import rank
from generator.config.findings import Confidence, Found, listed
from generator.config.layouts.refs import assumed_environment
from generator.config.layouts.shapes import best_shapes, environments_of
from generator.config.looking import KUSTOMIZATIONS, folder_of, name_of
from generator.config.schema import Environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.layouts.declared import Declared
    from generator.config.layouts.shapes import Shape
    from generator.config.looking import Looker

_PLACES = ("", "deploy", "deployment", "k8s", "kubernetes", "kustomize", "manifests", "config", "config/default")
_SHARED = frozenset({"base", "bases", "component", "components", "flux-system"})
"""Folders that are parts of others, or Flux itself."""


def find_kustomize(looker: Looker, declared: Sequence[Declared]) -> Found | None:
    """Return the environments that folders with kustomizations are called by; those that are declared count first."""
    roots = {folder for folder in looker.kustomized if folder and _SHARED.isdisjoint(folder.split("/"))}
    named = {place.path for place in declared} & roots
    told = best_shapes(named)
    shapes = told if told and told[0].shared > 1 else best_shapes(roots)
    if not shapes:
        return None
    environments, model = environments_of(shapes, "kustomize")
    reasons = [_seen(shape) for shape in shapes]
    if gone := _gone(looker, shapes[0]):
        environments = {**{name: _like(gone[name], by_path=not model) for name in sorted(gone)}, **environments}
        reasons.append(f"{listed(sorted(gone.values()))} stood there earlier in the history.")
    held = {place for shape in shapes for place in shape.members.values()}
    if by := sorted({place.by for place in declared if place.path in held}):
        reasons.append(f"{listed(by)} {'declare' if len(by) > 1 else 'declares'} folders of these to be deployed.")
    certain = shapes[0].to_production and shapes[0].shared > 1
    confidence: Confidence = "sure" if certain else "likely"
    return Found(environments, tuple(reasons), confidence, model, "Kustomize")


def _seen(shape: Shape) -> str:
    places = listed(sorted(shape.members.values()))
    if "{component}" not in shape.template:
        return f"{places} {'hold' if len(shape.members) > 1 else 'holds'} a kustomization."
    names = listed(sorted({slot.name for slot in shape.slots}))
    return (
        f"{len(shape.members)} folders with a kustomization fit {listed(shape.templates)}: {len(shape.components)} "
        f"components in {names}."
    )


def _gone(looker: Looker, shape: Shape) -> dict[str, str]:
    """Return environment → folder that held a kustomization earlier, where those of `shape` stand now."""
    former = {folder_of(path) for path in looker.former if name_of(path) in KUSTOMIZATIONS} - looker.kustomized
    names = {slot.name for slot in shape.slots}
    prefix, _, rest = shape.template.partition("{environment}")
    found = {}
    for folder in sorted(former):
        word = folder.removeprefix(prefix).removesuffix(rest)
        fits = folder == f"{prefix}{word}{rest}" and "{" not in prefix + rest and "/" not in word
        if fits and rank(word) is not None and word not in names:
            found[word] = folder
    # Beside `shop-staging`, which is called `staging`, a plain `qa` is another thing.
    return found if all(rank(name) is not None and name in shape_words(shape) for name in names) else {}


def shape_words(shape: Shape) -> frozenset[str]:
    """Return the environments of `shape` whose name is what stands in the path."""
    return frozenset(slot.environment for slot in shape.slots if not slot.site)


def _like(folder: str, *, by_path: bool) -> Environment:
    return Environment(path=(folder,), reader="kustomize") if by_path else Environment()


def find_single_kustomization(looker: Looker) -> Found | None:
    """Return one environment, `production`, where a well-known place holds a kustomization."""
    for place in _PLACES:
        if place in looker.kustomized:
            path = place or "."
            reasons = (
                f"`{path}` holds a kustomization.",
                "No folder is called like an environment; the only one is taken to be `production`.",
            )
            return Found(assumed_environment(path, "kustomize"), reasons, "guess", what="Kustomize", assumed=True)
    return None
