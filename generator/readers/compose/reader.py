"""Compose files, put together by Docker Compose itself; read as they stand where it is not on this machine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from generator.documents.tree import text
from generator.errors import Place, Unreadable, one_line
from generator.readers.compose.components import read_model
from generator.readers.compose.env import read_env
from generator.readers.compose.files import NAMES, joined, parse_compose, place
from generator.readers.compose.interpolation import interpolate, mapped, symbol, unescaped
from generator.readers.compose.keys import unknown_keys
from generator.readers.compose.lines import Lines
from generator.readers.compose.merge import as_they_stand
from generator.readers.compose.plain import mapping
from generator.readers.compose.plan import plan_compose
from generator.readers.compose.shapes import shaped
from generator.readers.compose.surroundings import Surroundings
from generator.readers.compose.taint import Taint
from generator.readers.reader import Reading
from generator.readers.secrets import mask_within
from generator.rendering.compose import FILE, INCONSISTENT, NOT_INTERPOLATED, PLACEHOLDER, RAW, SYMBOLIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.compose.files import ComposeFile
    from generator.readers.compose.interpolation import Plain
    from generator.readers.compose.plain import Model
    from generator.readers.reader import Mask, Plan, SourceFile, Tree, Unit
    from generator.rendering.jobs import Job, Rendered

_OLD_RULES = re.compile(r"false schema|additional propert|not allowed|unsupported|obsolete", re.IGNORECASE)
"""Words by which Docker Compose refuses what an older format of its files allowed."""
_OLD_VERSION = re.compile(r"[12](\.\d+)?")


class ComposeReader:
    """Reads the project of one compose file, or of several that are laid over one another."""

    name = "compose"
    whole_environment = False

    def accepts(self, path: str) -> bool:
        """Return whether Docker Compose would take a file of this name by itself."""
        return path.rpartition("/")[2] in NAMES

    def root(self, path: str) -> str | None:
        """Return the compose file itself."""
        return path if self.accepts(path) else None

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the services of `files` as they stand, the later laid over the earlier."""
        project = _Project(unit, files[0].path if files else "", files, mask)
        return project.standing([file.path for file in files], Reading(), "read without Docker Compose")

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return what the project is made of; files outside of the repository are never among it."""
        return plan_compose(unit, root, tree)

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return the services as components, and the volumes, configs, secrets and networks that they use."""
        before = Reading(problems=plan.problems, notes=plan.notes)
        if plan.job is None or rendered is None:
            return before if plan.problems else Reading(lost=(), notes=plan.notes)
        project = _Project(unit, root, files, mask, plan.job)
        if not rendered.code:
            return project.of_engine(rendered, before)
        layers = [a.removeprefix(FILE) for a in plan.job.arguments if a.startswith(FILE)]
        words = project.words(rendered.failure)
        if rendered.code == "engine-missing":
            return project.standing(layers, before, "Docker Compose is not on this machine")
        if project.is_old(layers) and _OLD_RULES.search(rendered.failure):
            standing = project.standing(layers, before, f"Docker Compose no longer takes this format ({words})")
            if standing.components:
                return standing
        problem = Unreadable(rendered.code, words, Place(layers[0] if layers else root), rendered.fix)
        return Reading(problems=(problem,), notes=plan.notes)


class _Project:
    """The files of one project while it is read."""

    def __init__(self, unit: Unit, root: str, files: Sequence[SourceFile], mask: Mask, job: Job | None = None) -> None:
        self._artifact = frozenset(unit.artifact)
        self._job = job
        self._folder = job.folder if job else root.rpartition("/")[0]
        self._root = root
        self._mask = mask
        self._contents = {file.path: file.data for file in files}
        env = joined(self._folder, ".env")
        found = read_env(self._contents[env], env, {})[0] if env in self._contents else {}
        self._values = {name: value for name, value in found.items() if value is not None}
        self._taint = Taint(self._values, mask)
        self._parsed: dict[str, ComposeFile] = {}
        self._faults: dict[Unreadable, None] = {}
        """What is wrong with the env files that services name; everything else of them is kept."""

    def words(self, said: str) -> str:
        """Return what the engine said, without the secrets that it may quote."""
        return one_line(mask_within(self._taint.removed(said), self._mask))

    def of_engine(self, rendered: Rendered, before: Reading) -> Reading:
        """Return what the engine's output says."""
        raw = NOT_INTERPOLATED in rendered.notes
        try:
            output = json.loads(rendered.output, parse_int=str, parse_float=str)
        except (ValueError, RecursionError) as fault:
            reason = f"what Docker Compose printed can't be read: {one_line(str(fault))}"
            return Reading(problems=(Unreadable("engine-output", reason, Place(self._root)),), notes=before.notes)
        self._name_project()
        change = (lambda value: interpolate(value, self._values)) if raw else unescaped
        name = self._values.get("COMPOSE_PROJECT_NAME", symbol("COMPOSE_PROJECT_NAME"))
        model = shaped(mapping(mapped(_as_text(output), lambda value: change(value).replace(PLACEHOLDER, name))))
        return self._reading(model, self._engine_notes(rendered, before))

    def standing(self, layers: Sequence[str], before: Reading, why: str) -> Reading:
        """Return what the files say by themselves, and that they were read so."""
        files = [self._file(path) for path in layers if path in self._contents]
        faults = tuple(file.problem for file in files if file.problem)
        if faults or not files:
            return Reading(problems=(*before.problems, *faults), lost=None if faults else (), notes=before.notes)
        self._name_project()
        model, problem = as_they_stand(files, self._values)
        if problem:
            return Reading(problems=(*before.problems, problem), notes=before.notes)
        note = Unreadable("not-rendered", f"{why}: read as it stands", Place(layers[0]))
        reading = self._reading(model, Reading(problems=before.problems, notes=(*before.notes, note)))
        remarks = unknown_keys(files)
        if not remarks:
            return reading
        told = [msgspec.structs.replace(one, remarks=remarks.get(one.id, ())) for one in reading.components]
        return msgspec.structs.replace(reading, components=tuple(told))

    def is_old(self, layers: Sequence[str]) -> bool:
        """Return whether this is one file of a format that Docker Compose has given up, and can stand by itself."""
        if len(layers) != 1 or layers[0] not in self._contents:
            return False
        roots = self._file(layers[0]).roots
        version = text(roots[0], "version") if roots else ""
        services = "services" in getattr(roots[0], "entries", {}) if roots else False
        return _OLD_VERSION.fullmatch(version) is not None if services else not version

    def _reading(self, model: Model, so_far: Reading) -> Reading:
        parsed = [self._file(path) for path in self._compose_files()]
        self._taint = Taint(self._values, self._mask)
        self._taint.look_into(root for file in parsed for root in file.roots)
        around = Surroundings(
            self._values,
            self._contents,
            self._env_file,
            lambda path: place(self._folder, path) or "",
            Lines(parsed, self._root),
            self._mask,
            self._taint,
            self._artifact,
        )
        found = read_model(model, around)
        return Reading(found, (*so_far.problems, *self._faults), None if so_far.problems else (), so_far.notes)

    def _engine_notes(self, rendered: Rendered, before: Reading) -> Reading:
        notes = list(before.notes)
        for said in rendered.notes:
            code = "compose-inconsistent" if said.startswith(INCONSISTENT) else "not-interpolated"
            if said == NOT_INTERPOLATED and self._job and RAW in self._job.arguments:
                continue
            notes.append(Unreadable(code, self.words(said), Place(self._root)))
        arguments = self._job.arguments if self._job else ()
        names = [a.removeprefix(SYMBOLIC) for a in arguments if a.startswith(SYMBOLIC)]
        if names:
            reason = f"without a value in git, so they stand as they are: {', '.join(symbol(name) for name in names)}"
            notes.append(Unreadable("compose-variables", one_line(reason), Place(self._root)))
        return Reading(problems=before.problems, notes=tuple(notes))

    def _name_project(self) -> None:
        """Know the project's name where the files give it; the engine else makes one of the name of its folder."""
        for path in reversed(self._compose_files()):
            roots = self._file(path).roots
            name = text(roots[0], "name") if roots else ""
            if name and "COMPOSE_PROJECT_NAME" not in self._values:
                self._values["COMPOSE_PROJECT_NAME"] = interpolate(name, self._values)

    def _compose_files(self) -> list[str]:
        """Return the compose files among the contents: the layers in their order, then what they refer to."""
        arguments = self._job.arguments if self._job else ()
        layers = [a.removeprefix(FILE) for a in arguments if a.startswith(FILE)]
        others = [f.path for f in self._job.files if f.path.endswith((".yaml", ".yml"))] if self._job else []
        return [path for path in dict.fromkeys([*layers, *others, *self._parsed]) if path in self._contents]

    def _file(self, path: str) -> ComposeFile:
        if path not in self._parsed:
            self._parsed[path] = parse_compose(self._contents[path], path)
        return self._parsed[path]

    def _env_file(self, named: str) -> dict[str, str]:
        path = place(self._folder, named)
        data = self._contents.get(path) if path else None
        if data is None or path is None:
            return {}
        self._taint.look_into_env(data)
        found, problem = read_env(data, path, self._values)
        self._faults |= {problem: None} if problem else {}
        return {n: self._values.get(n, symbol(n)) if value is None else value for n, value in found.items()}


def _as_text(value: object) -> Plain:
    """Return a parsed JSON value with every scalar as text."""
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
