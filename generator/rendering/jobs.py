"""What an engine is asked to render, and what came of it: plain values, named by their content."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class InputFile(msgspec.Struct, frozen=True, order=True):
    """One file that a rendering reads, as it stands in git."""

    path: str
    """Path from the top of the repository, and of the export."""
    blob: str
    """Object id of its content."""


class Stub(msgspec.Struct, frozen=True, order=True):
    """A file that exists only at deployment time, and what stands in for it in the export."""

    path: str
    """Path from the top of the repository."""
    content: str
    """What is written there; never drawn as a value."""
    how: str
    """How it is known that the file comes later, as the end of a sentence: `named under provided`."""


class Job(msgspec.Struct, frozen=True):
    """One rendering: exactly what the engine reads, and how it is called. Two equal jobs give equal output."""

    engine: str
    """Name of the engine: `kustomize`, `helm`, `compose`."""
    folder: str
    """Folder that is rendered, from the top of the export; empty for the top."""
    files: tuple[InputFile, ...]
    """Sorted by path."""
    stubs: tuple[Stub, ...] = ()
    """Sorted by path; none is one of `files`."""
    arguments: tuple[str, ...] = ()
    """What the engine's adapter needs beside the files, in its own words: names of values files, a release's name."""

    def digest(self) -> str:
        """Return the SHA-256, in hexadecimal, of what the rendering reads: the name of its output."""
        return hashlib.sha256(msgspec.msgpack.encode(self)).hexdigest()


class Rendered(msgspec.Struct, frozen=True):
    """What came of a job. It may hold secrets in plain text, so it is never written to disk or shown as it is."""

    output: bytes = b""
    """What the engine printed; empty where it failed."""
    code: str = ""
    """Empty where it succeeded, else a slug: `engine-failed`, `engine-missing`, `engine-timeout`, `engine-output`
    (printed too much), `not-rendered` (a rendering that this machine must not or can't try)."""
    failure: str = ""
    """The engine's own words, with paths from the top of the repository; not masked yet."""
    fix: str = ""
    """What to do about the failure; empty when nothing is known."""
    stubs: tuple[Stub, ...] = ()
    """Every stub that stood in, those of the job included, sorted by path."""
    notes: tuple[str, ...] = ()
    """What a reader of the report should know, as sentences: what was masked since it differs at each rendering."""


class Engine(Protocol):
    """One program that renders a kind of model."""

    name: str
    """Name by which jobs ask for it."""

    def version(self) -> str:
        """Return the engine with its version, such as `kustomize v5.8.1`; part of the name of what it renders.

        Empty where the engine is not on this machine; then `render` gives `engine-missing`, with what to install.
        """
        ...

    def render(self, job: Job, export: Path, kept: Mapping[str, bytes]) -> Rendered:
        """Render `job`, whose files and stubs stand in the folder `export`; never raises for what a file holds.

        `kept` holds the content of every input file by its path. The engine runs without network, with a bare
        environment, within a time and an amount of output. May be called from several threads at once.
        """
        ...
