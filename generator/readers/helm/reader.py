"""Helm charts: rendered where all of a chart is in the repository, else its values as they are merged for it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, Unreadable
from generator.readers.helm.charts import (
    CHART_FILE,
    LOCKS,
    REQUIREMENTS,
    VALUES_FILE,
    Chart,
    below,
    close,
    read_chart,
)
from generator.readers.helm.objects import read_objects
from generator.readers.helm.reasons import encrypted, failure, not_rendered, unstable, why_not
from generator.readers.helm.values import read_values, release_component
from generator.readers.layering import merge_layers
from generator.readers.reader import Plan, Reading, SourceFile
from generator.readers.values.layers import KeptLayers, Layer
from generator.readers.values.settings import Settings
from generator.rendering.helm_charts import Call, arguments
from generator.rendering.jobs import InputFile, Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.documents.tree import Node
    from generator.readers.reader import Mask, Tree, Unit
    from generator.rendering.jobs import Rendered

_LINK = "120000"
_NOT_RENDERED = frozenset({"engine-missing", "not-rendered"})
"""Failures after which the values themselves are read: the chart is sound, as far as is known."""
_TEMPLATES = (".gotmpl", ".tmpl", ".tpl", ".j2")
_TWICE = "yaml-duplicate-key"
_NO_NAME = re.compile(r"[^a-z0-9.-]+")
_LONGEST_NAME = 53
"""Characters of the longest name that Helm takes for a release."""


class _Release(NamedTuple):
    """A chart as one environment has it."""

    name: str
    chart: Chart
    folder: str


class HelmReader:
    """Reads a chart as the release that an environment has of it."""

    name = "helm"
    whole_environment = True

    def __init__(self) -> None:
        """Start with no file looked through."""
        self._settings = Settings()
        self._layers = KeptLayers()

    def accepts(self, path: str) -> bool:
        """Return whether a chart begins here."""
        return self.root(path) is not None

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return no component: a chart is read from its whole folder, by `plan` and `read_tree`."""
        del unit, mask
        places = [Place(file.path) for file in files]
        reason = "a chart is read together with its folder, which is not at hand"
        return Reading(notes=tuple(Unreadable("not-rendered", reason, place) for place in places))

    def root(self, path: str) -> str | None:
        """Return the folder of a `Chart.yaml`."""
        folder, name = posixpath.split(path)
        return folder if name == CHART_FILE else None

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return the files of the chart, of the local charts it depends on and of the layers, and the rendering."""
        folder = _folder(root)
        layers, problems = self._present(unit.layers, tree)
        defaults, _ = self._present((below(folder, VALUES_FILE),), tree)
        closure = close(folder, tree, _merged([*defaults, *layers]))
        chart = read_chart(folder, tree.read)
        if isinstance(chart, Unreadable) or closure.problems or problems:
            told = [chart] if isinstance(chart, Unreadable) else []
            # A file that is met twice on the way is told once.
            return Plan(problems=tuple(dict.fromkeys([*told, *closure.problems, *problems])))
        templates = [layer.problem for layer in layers if layer.problem and _is_template(layer)]
        whys = why_not(chart, closure, templates, folder)
        if whys:
            own = [below(folder, name) for name in (CHART_FILE, REQUIREMENTS, *LOCKS, VALUES_FILE)]
            return Plan(_inputs([*own, *(layer.path for layer in layers)], tree), notes=tuple(whys))
        files = _inputs([*closure.files, *(layer.path for layer in layers)], tree)
        readable = tuple(layer.path for layer in layers if not layer.opaque)
        call = Call(release_name(unit, chart), readable, tuple(closure.places), tuple(closure.absent))
        notes = [encrypted(layer.path) for layer in layers if layer.opaque]
        notes += [layer.problem for layer in layers if layer.problem]
        return Plan(files, Job("helm", folder, files, arguments=arguments(call)), notes=tuple(notes))

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return the release as a component, and the objects that the chart rendered to.

        Where it is not rendered, the release holds its values, merged as Helm merges them, and a note says why.
        """
        folder = _folder(root)
        had = {file.path: file for file in files}
        chart = read_chart(folder, lambda path: had[path].data if path in had else None)
        if isinstance(chart, Unreadable):
            return Reading(problems=(chart,))
        if chart.library:
            return Reading()
        blobs = {file.path: file.blob for file in plan.files}
        paths = (below(folder, VALUES_FILE), *unit.layers)
        # An absent layer keeps its place, so that the others go by the same number in every environment.
        layers = [self._layers.read(had[path], blobs[path]) if path in had else Layer(path, ()) for path in paths]
        if rendered is not None and _is_fault(rendered, layers):
            return Reading(problems=(failure(rendered, chart, folder, mask),))
        release = _Release(unit.component or chart.name, chart, folder)
        if rendered is None or rendered.code:
            return self._values(release, unit.artifact, layers, rendered, mask)
        opaque = [Layer(layer.path, (), opaque=layer.opaque) for layer in layers]
        sealed, _ = read_values(self._settings, opaque, (), mask)
        one = release_component(release.name, chart, below(folder, CHART_FILE), mask, sealed)
        found = read_objects(unit, rendered.output, folder, had.keys(), mask)
        told = [unstable(note, folder, mask) for note in rendered.notes]
        return Reading((one, *found.components), found.problems, found.lost, (*told, *found.notes))

    def _present(self, paths: Sequence[str], tree: Tree) -> tuple[list[Layer], list[Unreadable]]:
        """Return the layers that are there, and what is wrong with those that can't be laid over anything."""
        present: list[Layer] = []
        problems: list[Unreadable] = []
        for path in paths:
            data = tree.read(path)
            if isinstance(data, Unreadable):
                problems.append(data)
            elif data is not None:
                layer = self._layers.read(SourceFile(path, data), tree.blob(path))
                present.append(layer)
                problems += [layer.problem] if layer.problem and _is_broken(layer) else []
            elif tree.mode(path) == _LINK:
                reason = "a values file that is a symbolic link; links are never followed"
                problems.append(Unreadable("symlink", reason, Place(path), "commit the file itself"))
        return present, problems

    def _values(
        self,
        release: _Release,
        artifact: tuple[str, ...],
        layers: Sequence[Layer],
        rendered: Rendered | None,
        mask: Mask,
    ) -> Reading:
        """Return the release with its values; where the plan already told why it is not rendered, no note."""
        problems = tuple(layer.problem for layer in layers if layer.problem and not _is_template(layer))
        if problems:
            return Reading(problems=problems)
        fields, references = read_values(self._settings, layers, artifact, mask)
        path = below(release.folder, CHART_FILE)
        one = release_component(release.name, release.chart, path, mask, fields, references)
        if rendered is None:
            return Reading((one,))
        return Reading((one,), notes=(not_rendered(rendered, release.chart, release.folder, mask),))


def release_name(unit: Unit, chart: Chart) -> str:
    """Return the name under which a chart is rendered: the component's or the chart's, made fit for Helm."""
    name = unit.component.rpartition("/")[2] or chart.name
    return _NO_NAME.sub("-", name.lower())[:_LONGEST_NAME].strip("-.") or "release"


def _folder(root: str) -> str:
    """Return the chart's folder; a root may be named by its `Chart.yaml`."""
    folder, name = posixpath.split(root)
    return folder if name == CHART_FILE else root


def _inputs(paths: Iterable[str], tree: Tree) -> tuple[InputFile, ...]:
    found = [(path, tree.blob(path)) for path in sorted(set(paths))]
    return tuple(InputFile(path, blob) for path, blob in found if blob)


def _merged(layers: Sequence[Layer]) -> Node | None:
    """Return the values that the chart is rendered with; `None` where some of them can't be read."""
    if any(layer.problem or layer.opaque for layer in layers):
        return None
    return merge_layers([root for layer in layers for root in layer.roots[:1]])


def _is_template(layer: Layer) -> bool:
    """Return whether values have to be rendered first, as their name says; elsewhere template marks are a slip."""
    return layer.problem is not None and layer.path.endswith(_TEMPLATES)


def _is_broken(layer: Layer) -> bool:
    """Return whether Helm could not read a layer either; of a key that stands twice it takes the last."""
    return layer.problem is not None and not _is_template(layer) and layer.problem.code != _TWICE


def _is_fault(rendered: Rendered, layers: Sequence[Layer]) -> bool:
    """Return whether a rendering failed in a way that tells of a fault in this version."""
    if rendered.code == "engine-failed":
        # A chart may ask for what only an encrypted file holds.
        return not any(layer.opaque for layer in layers)
    return bool(rendered.code) and rendered.code not in _NOT_RENDERED
