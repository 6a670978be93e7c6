"""Settings of components in files: any YAML, JSON, TOML or .env, in layers, the artifact named by its key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.documents.tree import Scalar
from generator.errors import Place, Unreadable
from generator.model.component import Component, Role, component
from generator.readers.encrypted import encrypted_note, encrypted_resource, opaque_field, opaque_fingerprint
from generator.readers.layering import stack_leaves, stacked
from generator.readers.reader import Plan, Reading, SourceFile
from generator.readers.values.entries import find_entries
from generator.readers.values.layers import KeptLayers, read_layer
from generator.readers.values.settings import Settings
from generator.rendering.jobs import InputFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.layering import Stack
    from generator.readers.reader import Mask, Tree, Unit
    from generator.readers.values.entries import Entry
    from generator.readers.values.layers import Layer
    from generator.rendering.jobs import Rendered

_LINK = "120000"
_TEMPLATES = (".gotmpl", ".tmpl", ".tpl", ".j2")
_RENDER = "keep what is rendered, or leave the layer out of `values`"
_VERSION = "version"
"""Field of an entry that is nothing but its version, where no key of the artifact is named."""


class ValuesReader:
    """Reads the files of one component in one environment, later files laid over earlier ones as Helm merges values.

    With `Unit.components`, each entry under that key is a component, as if it stood in a file of its own.
    """

    name = "values"
    whole_environment = False

    def __init__(self) -> None:
        """Start with no file and no setting looked through."""
        self._settings = Settings()
        self._layers = KeptLayers()

    def accepts(self, path: str) -> bool:
        """Return true: the path template alone says which files are meant."""
        return bool(path)

    def root(self, path: str) -> str | None:
        """Return none: where layers stand is told by their templates, never by a file."""
        del path
        return None

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return the layers that are present; none makes a plan without files, which reads as no component."""
        del root
        files: set[InputFile] = set()
        problems: list[Unreadable] = []
        for path in unit.layers:
            blob = tree.blob(path)
            if blob:
                files.add(InputFile(path, blob))
            elif tree.mode(path) == _LINK:
                reason = "a layer that is a symbolic link; links are never followed"
                problems.append(Unreadable("symlink", reason, Place(path), "commit the file itself"))
        return Plan(tuple(sorted(files)), problems=tuple(problems))

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return what `files` hold, later ones laid over earlier ones; of a broken file what stands before the fault.

        Where that is nothing, no component is given.
        """
        layers = [read_layer(file) for file in files]
        faults, notes = _faults(layers, ("",))
        reading = self._reading(unit, layers, notes, mask)
        if faults and (unit.components or not any(component.fields for component in reading.components)):
            return Reading(problems=faults, notes=notes)
        return msgspec.structs.replace(reading, problems=(*faults, *reading.problems))

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return what the planned layers hold together; where one can't be read or had, no component is given.

        A layer whose name says that it is a template is passed over with a note. The component's file is the last
        layer that is text; fields of the others are told with their files.
        """
        del root, rendered
        if plan.problems:
            return Reading(problems=plan.problems, notes=plan.notes)
        had = {file.path: file for file in files}
        blobs = {file.path: file.blob for file in plan.files}
        present = [path for path in unit.layers if path in blobs]
        layers = [self._layers.read(had[path], blobs[path]) for path in present if path in had]
        faults, notes = _faults(layers, _TEMPLATES)
        # Of a layer whose content could not be had, whoever looked for it says why.
        if faults or not layers or len(layers) < len(present):
            return Reading(problems=faults, notes=notes)
        return self._reading(unit, layers, notes, mask)

    def _reading(self, unit: Unit, layers: Sequence[Layer], notes: tuple[Unreadable, ...], mask: Mask) -> Reading:
        notes = (*notes, *(encrypted_note(SourceFile(one.path, one.opaque)) for one in layers if one.opaque))
        stack = stacked((number, root) for number, layer in enumerate(layers) for root in layer.roots)
        if not unit.components:
            return Reading((self._whole(unit, layers, stack, mask),), notes=notes)
        found = find_entries(stack, unit.components, [layer.path for layer in layers])
        made = [self._entry(unit, layers, entry, mask) for entry in found.entries]
        sealed = [encrypted_resource(SourceFile(layer.path, layer.opaque), mask) for layer in layers if layer.opaque]
        made += [one for one in sealed if one is not None]
        # An entry without a name is none that stood here before, so nothing is held back for it.
        lost = () if made else None
        return Reading(tuple(made), (found.problem,) if found.problem else (), lost, notes)

    def _whole(self, unit: Unit, layers: Sequence[Layer], stack: Stack, mask: Mask) -> Component:
        texts = [number for number, layer in enumerate(layers) if not layer.opaque]
        own = texts[-1] if texts else len(layers) - 1
        paths = [layer.path for layer in layers]
        sheet = self._settings.sheet(stack_leaves(stack), unit.artifact, own, mask, paths)
        taken: set[str] = set()
        for number, layer in enumerate(layers):
            if layer.opaque:
                name = _same_everywhere(layer.name, unit.environment)
                name = layer.path if name in taken else name
                taken.add(name)
                fingerprint = opaque_fingerprint(layer.opaque, mask)
                sheet.fields.append(opaque_field(name, fingerprint, path="" if number == own else layer.path))
        return component(
            unit.component,
            Role.COMPONENT,
            self.name,
            fields=sheet.fields,
            references=sheet.references,
            names=(unit.component,),
            path=paths[own],
            line=1,
        )

    def _entry(self, unit: Unit, layers: Sequence[Layer], entry: Entry, mask: Mask) -> Component:
        """Return an entry as a component, whose file is the last layer that it stands in."""
        artifact, prefix, paths = unit.artifact, "", [layer.path for layer in layers]
        if isinstance(entry.stack[0][1], Scalar):
            prefix = next((key for key in artifact if "*" not in key), _VERSION)
            artifact = (prefix,)
        sheet = self._settings.sheet(stack_leaves(entry.stack, prefix), artifact, entry.layer, mask, paths)
        return component(
            entry.name,
            Role.COMPONENT,
            self.name,
            fields=sheet.fields,
            references=sheet.references,
            names=(entry.name,),
            path=paths[entry.layer],
            line=entry.line,
        )


def _same_everywhere(name: str, environment: str) -> str:
    """Return a file's name with `{environment}` where that of the environment stands in it, as a word of its own."""
    word = rf"(?<![^\W_]){re.escape(environment)}(?![^\W_])"
    return re.sub(word, "{environment}", name) if environment else name


def _faults(
    layers: Sequence[Layer], templates: tuple[str, ...]
) -> tuple[tuple[Unreadable, ...], tuple[Unreadable, ...]]:
    """Return what could not be read, and what was passed over as a template: files whose names end with `templates`.

    Any other layer with template marks may as well be a slip of one commit, after which its settings must not be gone.
    """
    faults: list[Unreadable] = []
    notes: list[Unreadable] = []
    for problem in [layer.problem for layer in layers if layer.problem]:
        if problem.code != "template":
            faults.append(problem)
        elif problem.place.path.endswith(templates):
            notes.append(problem)
        else:
            reason = "a layer with template marks that is no YAML"
            faults.append(Unreadable("layer-template", reason, problem.place, _RENDER))
    return tuple(faults), tuple(notes)
