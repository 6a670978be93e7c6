"""`helm template`, by the program itself or by the Go package of the extra `helm` in a process of its own."""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.errors import one_line
from generator.rendering import programs
from generator.rendering.helm_charts import call_of, lay_out
from generator.rendering.helm_output import broken, describe, settle
from generator.rendering.jobs import Rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.rendering.jobs import Job

NAMESPACE = "default"
"""Namespace of every release: Helm's own, since environments differ in theirs by design."""
TIMES = 6
"""Renderings of a chart that draws something at random: two of them may happen to agree."""
_FIX = "install assay[helm], or put helm on PATH"
_VERSION = re.compile(r"v[3-9]\.\d+\.\d+[\w.+-]*")
_PACKAGE = "helm_python"
_TRACEBACK = "Traceback (most recent call last)"


class _Failed(Exception):  # noqa: N818 - private, and never leaves this module
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class _Way(msgspec.Struct, frozen=True):
    """How charts are rendered on this machine."""

    version: str
    """Program and version; empty where there is no way."""
    program: str = ""
    package: str = ""
    """Folder that the package of the extra stands in; empty where `program` is Helm itself."""


class HelmEngine:
    """Renders charts, each at least twice: what differs between two renderings is no part of the model."""

    name = "helm"

    def __init__(self, named: str = "", *, seconds: float = programs.SECONDS) -> None:
        """Use the program `named` by the machine's owner; else `helm` on PATH, else the extra's package."""
        self._named = named
        self._seconds = seconds
        self._lock = threading.Lock()

    def version(self) -> str:
        """Return `helm v4.2.3`, with the package in brackets where it is not the program; empty where there is none."""
        with self._lock:
            return self._way.version

    @cached_property
    def _way(self) -> _Way:
        if self._named:
            return _program(str(Path(self._named).absolute()))
        found = programs.find_program("helm")
        way = _program(str(Path(found).absolute())) if found else _Way("")
        return way if way.version else _package()

    def render(self, job: Job, export: Path, kept: Mapping[str, bytes]) -> Rendered:
        """Return the objects of the chart in `job.folder` as one YAML stream; see `jobs.Engine`."""
        del kept
        if not self.version():
            told = f"{self._named} is no Helm 3 or 4" if self._named else "Helm is not on this machine"
            return Rendered(code="engine-missing", failure=told, fix=_FIX)
        with tempfile.TemporaryDirectory(prefix="assay-helm-") as work:
            try:
                return self._render(job, export, Path(work))
            except _Failed as fault:
                return Rendered(code=fault.code, failure=_cleaned(fault.reason, job, work))
            except OSError as fault:
                told = f"the chart's files could not be laid out: {fault.strerror or 'they stand in one place'}"
                return Rendered(code="engine-failed", failure=told)

    def _render(self, job: Job, export: Path, work: Path) -> Rendered:
        call = call_of(job.arguments)
        copies = lay_out(export, job.folder, call, work, TIMES)
        render = self._by_package if self._way.package else self._by_program
        texts = render(call.release, copies)
        settled = settle(texts)
        if settled.unlike:
            reason = f"two renderings of the same chart differ in shape: {settled.unlike}"
            return Rendered(code="not-rendered", failure=reason)
        notes = (describe(settled.differing),) if settled.differing else ()
        return Rendered(settled.text.encode("utf-8", "surrogateescape"), stubs=job.stubs, notes=notes)

    def _by_program(self, release: str, copies: tuple[Path, ...]) -> list[str]:
        found = []
        for copy in copies:
            layers = [f"--values=values/{layer.name}" for layer in sorted((copy / "values").iterdir())]
            options = [f"--namespace={NAMESPACE}", "--include-crds", *layers]
            command = [self._way.program, "template", release, "./chart", *options]
            found.append(_output(programs.run(command, folder=copy, seconds=self._seconds)))
        return [output.decode("utf-8", "surrogateescape") for output in found]

    def _by_package(self, release: str, copies: tuple[Path, ...]) -> list[str]:
        command = [*_child(self._way), "render", release, NAMESPACE, *(copy.name for copy in copies)]
        most = programs.MOST_OUTPUT * len(copies)
        output = _output(programs.run(command, folder=copies[0].parent, seconds=self._seconds, most=most))
        found = []
        while output:
            size, _, output = output.partition(b"\n")
            found.append(output[: int(size)].decode("utf-8", "surrogateescape"))
            output = output[int(size) :]
        # The program looks for itself.
        told = broken(found[0])
        if told:
            raise _Failed("engine-failed", told)
        return found


def _output(ended: programs.Ended) -> bytes:
    if ended.code:
        raise _Failed(ended.code, ended.words)
    if ended.status != 0:
        told = ended.words.strip() or f"Helm ended with status {ended.status} and said nothing"
        if _TRACEBACK in told:
            # Of a fault in Python, all but the last line names files of this machine.
            told = told.splitlines()[-1]
        raise _Failed("engine-failed", told)
    return ended.output


def _cleaned(words: str, job: Job, work: str) -> str:
    """Return Helm's words with paths of the repository in place of those of the copy."""
    for path in (f"{work}/first/chart", f"{work}/second/chart", "first/chart", "second/chart", "./chart"):
        words = words.replace(f"{path}/", f"{job.folder}/" if job.folder else "")
        words = words.replace(path, job.folder or "the top folder")
    for number, layer in enumerate(call_of(job.arguments).layers):
        words = words.replace(f"values/{number:03}.yaml", layer)
    words = words.replace(f"{work}/", "").removeprefix("Error: ")
    return one_line(words.replace("Use --debug flag to render out invalid YAML", ""), 1000)


def _program(path: str) -> _Way:
    with tempfile.TemporaryDirectory(prefix="assay-helm-") as work:
        ended = programs.run([path, "version", "--template={{.Version}}"], folder=Path(work))
    found = _VERSION.fullmatch(ended.output.decode("ascii", "replace").strip())
    if ended.code or ended.status or not found:
        return _Way("")
    return _Way(f"helm {found[0]}", path)


def _package() -> _Way:
    # Only looked for: importing it here would load hundreds of megabytes for good.
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None or not sys.executable:
        return _Way("")
    way = _Way("", sys.executable, str(Path(found.origin).parent.parent))
    with tempfile.TemporaryDirectory(prefix="assay-helm-") as work:
        ended = programs.run([*_child(way), "version"], folder=Path(work))
    helm, _, package = ended.output.decode("ascii", "replace").strip().partition(" ")
    if ended.code or ended.status or not _VERSION.fullmatch(helm):
        return _Way("")
    return _Way(f"helm {helm} (helm-python-sdk {package})", way.program, way.package)


def _child(way: _Way) -> list[str]:
    """Return the start of a command; without `-I -S` Python would look for modules in the folder it runs in."""
    script = Path(__file__).with_name("helm_sdk.py")
    return [way.program, "-I", "-S", str(script), way.package]
