"""Kustomizations: planned by following what they name, rendered by the real engine, read as Kubernetes objects."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from generator.errors import Place, Unreadable, one_line
from generator.readers.kustomize.closure import Parsed, follow
from generator.readers.kustomize.names import Names, Origin, origins_of
from generator.readers.kustomize.output import read_output
from generator.readers.kustomize.paths import KUSTOMIZATION_FILES, parents
from generator.readers.kustomize.stubs import stubs_for
from generator.readers.reader import Plan, Reading
from generator.readers.secrets import mask_within
from generator.readers.validation.schemas import schemas_for
from generator.rendering.jobs import InputFile, Job
from generator.rendering.kustomize import ABOVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.readers.kustomize.closure import Closure
    from generator.readers.reader import Mask, SourceFile, Tree, Unit
    from generator.rendering.jobs import Rendered, Stub


class KustomizeReader:
    """Reads a folder with a kustomization as what Kustomize makes of it."""

    name = "kustomize"
    whole_environment = False
    KEPT = 20_000
    """Files whose objects are remembered by their blob."""

    def __init__(self) -> None:
        """Start with nothing parsed."""
        self._parsed = Parsed()
        self._origins: dict[tuple[str, str], tuple[Origin, ...]] = {}

    def accepts(self, path: str) -> bool:
        """Return whether the file makes its folder a kustomization."""
        return posixpath.basename(path) in KUSTOMIZATION_FILES

    def root(self, path: str) -> str | None:
        """Return the folder of a kustomization's file; `None` for any other file."""
        return posixpath.dirname(path) if self.accepts(path) else None

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Say that a kustomization can't be read without its tree."""
        del unit, mask
        reason = "a kustomization is read with the tree around it"
        return Reading(problems=tuple(Unreadable("not-rendered", reason, Place(file.path)) for file in files))

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return the files that rendering `root` takes, with stubs for those that come at deployment time."""
        closure = follow(root, tree, self._parsed)
        stubs = stubs_for(closure, unit.provided, tree)
        files = _inputs(closure.files)
        planned = _inputs({**closure.files, **stubs.encrypted})
        problems = _distinct([*closure.problems, *stubs.problems])
        if problems:
            return Plan(planned, problems=problems)
        arguments = (ABOVE,) if closure.above else ()
        return Plan(planned, Job(self.name, root, files, stubs.stubs, arguments))

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return the objects that were rendered, each with the file that it comes from."""
        job = plan.job
        path = _kustomization(root, plan)
        if job is None or rendered is None:
            return Reading(problems=plan.problems, notes=plan.notes)
        notes = (*plan.notes, *(_note(stub) for stub in rendered.stubs or job.stubs))
        if rendered.code:
            words = one_line(mask_within(rendered.failure, mask))
            problem = Unreadable(rendered.code, words, Place(path), rendered.fix)
            return Reading(problems=(problem,), notes=notes)
        closure = follow(root, _Planned(plan, files), self._parsed)
        names = Names(closure, self._objects(plan, job, closure, files))
        schemas = schemas_for(unit.target)
        reading = read_output(rendered.output, path, names, mask, stubs=bool(job.stubs), schemas=schemas)
        told = tuple(Unreadable("rendering", note, Place(path)) for note in rendered.notes)
        return Reading(reading.components, reading.problems, reading.lost, (*notes, *told, *reading.notes))

    def _objects(self, plan: Plan, job: Job, closure: Closure, files: Sequence[SourceFile]) -> Iterable[Origin]:
        """Yield the objects that the files name: those of manifests, and of encrypted forms of them."""
        read_by_engine = {file.path for file in job.files}
        blobs = {file.path: file.blob for file in plan.files}
        for file in files:
            if file.path not in closure.resources and file.path in read_by_engine:
                continue
            key = (file.path, blobs.get(file.path, ""))
            if key not in self._origins:
                if len(self._origins) >= self.KEPT:
                    self._origins.clear()
                self._origins[key] = origins_of(file.data, file.path)
            yield from self._origins[key]


class _Planned:
    """The planned files as a tree, in which nothing else stands."""

    def __init__(self, plan: Plan, files: Sequence[SourceFile]) -> None:
        self._blobs = {file.path: file.blob for file in plan.files}
        self._data = {file.path: file.data for file in files}
        self._folders = {folder for path in self._blobs for folder in parents(path)}

    def blob(self, path: str) -> str:
        return self._blobs.get(path, "")

    def mode(self, path: str) -> str:
        return "100644" if path in self._blobs else "040000" if path in self._folders else ""

    def read(self, path: str) -> bytes | Unreadable | None:
        return self._data.get(path)

    def files(self, folder: str) -> tuple[str, ...]:
        start = f"{folder}/" if folder else ""
        return tuple(sorted(path for path in self._blobs if path.startswith(start)))


def _inputs(blobs: dict[str, str]) -> tuple[InputFile, ...]:
    return tuple(InputFile(path, blobs[path]) for path in sorted(blobs))


def _distinct(problems: list[Unreadable]) -> tuple[Unreadable, ...]:
    distinct = {(p.place.path, p.place.line, p.code, p.reason): p for p in problems}
    return tuple(distinct[key] for key in sorted(distinct))


def _kustomization(root: str, plan: Plan) -> str:
    """Return the file that makes the root a kustomization."""
    planned = {file.path for file in plan.files}
    paths = [posixpath.join(root, name) for name in KUSTOMIZATION_FILES]
    return next((path for path in paths if path in planned), paths[0])


def _note(stub: Stub) -> Unreadable:
    reason = f"{stub.path} exists only at deployment time ({stub.how}); nothing that it holds is shown"
    return Unreadable("provided", reason, Place(stub.path))
