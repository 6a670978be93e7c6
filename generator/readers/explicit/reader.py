"""The explicit model: `model.yaml` says what there is, `environments/NAME.yaml` what an environment has of it.

For what no manifest describes: managed databases, queues, gateways, or whole platforms run by other means. The
format is documented in `docs/explicit-model.md`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from generator.documents.tree import entries
from generator.errors import Place, Unreadable
from generator.readers.explicit.components import Layers, components
from generator.readers.explicit.schema import CODE, line_of, load
from generator.readers.explicit.shapes import EnvironmentFile, ModelFile
from generator.readers.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.documents.tree import Node
    from generator.readers.reader import Mask, SourceFile, Unit

_FOLDER = "environments"
_SURELY_MEANT = 0.8
"""Likeness from which an unknown end of a connection is taken for a slip; it may well be another model's component."""


class ExplicitReader:
    """Reads the explicit model of one environment."""

    name = "explicit"
    whole_environment = True

    def accepts(self, path: str) -> bool:
        """Return whether `path` can be a file of the model, by its ending."""
        return path.endswith((".yaml", ".yml", ".json"))

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the components that the environment's file lists, completed by the model.

        An environment without a file has no component of the model. Where a file is no YAML, or of another version
        of the format, there are no components and the problem says why.
        """
        base, own = _told_apart(unit.environment, files)
        problems: list[Unreadable] = []
        model: ModelFile | None = ModelFile(assay="1")
        base_root: Node | None = None
        if base is not None:
            model, base_root, problems = load(base, ModelFile)
        if model is None:
            return Reading(problems=tuple(problems))
        if base is not None:
            problems += _contradictions(model, base_root, base.path)
        expected = dict(_expected(model))
        if own is None:
            return Reading(problems=tuple(problems), lost=(), expected=expected)
        settings, root, faults = load(own, EnvironmentFile)
        problems += faults
        if settings is None:
            return Reading(problems=tuple(problems), expected=expected)
        notes = [*_near_misses(model, settings, base_root, base.path if base else ""), *_strangers(model, own, root)]
        found = components(Layers(model, settings, own.path, root), mask)
        lost = tuple(sorted(entries(root, "components").keys() - settings.components.keys()))
        return Reading(found, tuple(problems), lost, tuple(notes), expected)


def _told_apart(environment: str, files: Sequence[SourceFile]) -> tuple[SourceFile | None, SourceFile | None]:
    """Return the model and the environment's file: told by their paths, else the first and the second."""
    own = [file for file in files if _stem(file.path) == environment]
    rest = [file for file in files if file not in own and _folder(file.path) != _FOLDER]
    if len(own) == 1:
        return next(iter(rest), None), own[0]
    if len(rest) == 1 and _folder(rest[0].path) == environment:
        return None, rest[0]
    return (rest[0] if rest else None), (rest[1] if len(rest) > 1 else None)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _folder(path: str) -> str:
    return path.rpartition("/")[0].rpartition("/")[2]


def _expected(model: ModelFile) -> Iterator[tuple[str, str]]:
    """Yield what production alone should have, as pattern and reason with its owner."""
    for item in model.production_only:
        reason = f"{item.reason} ({item.owner})" if item.owner else item.reason
        yield f"{item.component} {item.field}".removesuffix(" *"), reason


def _contradictions(model: ModelFile, root: Node | None, path: str) -> Iterator[Unreadable]:
    """Yield what the shape of the model can't tell: one name for two things, a resource that is not described."""
    for name in sorted(model.components.keys() & model.resources.keys()):
        reason = f"{name!r} names both a component and a resource; the resource is left out"
        yield Unreadable(CODE, reason, Place(path, line_of(root, "resources", name)), "give one of them another name")
    for name, shape in sorted(model.components.items()):
        for place, used in enumerate(shape.uses):
            if used not in model.resources:
                where = Place(path, line_of(root, "components", name, "uses", place))
                fix = _hint(used, model.resources) or "describe it under `resources`"
                yield Unreadable(CODE, f"{name} uses {used!r}, which is no resource of this model", where, fix)


def _near_misses(model: ModelFile, settings: EnvironmentFile, root: Node | None, path: str) -> Iterator[Unreadable]:
    """Yield connections whose other end is unknown here but nearly known; other models may have what is not."""
    known = model.components.keys() | model.resources.keys() | settings.components.keys()
    for name, shape in sorted(model.components.items()):
        for place, connection in enumerate(shape.connections):
            hint = "" if connection.to in known else _hint(connection.to, known, _SURELY_MEANT)
            if hint:
                where = Place(path, line_of(root, "components", name, "connections", place))
                reason = f"{name} connects to {connection.to!r}, which this model does not have"
                yield Unreadable("explicit-unknown", reason, where, hint)


def _strangers(model: ModelFile, own: SourceFile, root: Node | None) -> Iterator[Unreadable]:
    """Yield what the environment lists and the model does not describe: it counts, but it may be a slip."""
    for part, known in (("components", model.components), ("resources", model.resources)):
        for name in sorted(entries(root, part)):
            if name not in known:
                what = "is no component of the model; it is kept" if part == "components" else "is no resource of it"
                where = Place(own.path, line_of(root, part, name))
                yield Unreadable("explicit-unknown", f"{name!r} {what}", where, _hint(name, known))


def _hint(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    near = get_close_matches(name, sorted(known), 1, likeness)
    return f"did you mean {near[0]!r}?" if near else ""
