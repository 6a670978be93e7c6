"""What a reader is: files of one unit in, components out, no state kept between two calls.

A *unit* is the set of files that are read together: one manifest, the layers of one component, a whole model. A
reading depends on nothing but the unit's name, the source's options and the bytes of the files, so it is kept by
their content and never made twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

# Readings cross over between processes, so the types of their parts are needed while running.
from generator.errors import Unreadable  # noqa: TC001
from generator.model.component import Component  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Sequence


class SourceFile(msgspec.Struct, frozen=True):
    """One file as it stands at one commit."""

    path: str
    """Path inside the repository."""
    data: bytes


class Unit(msgspec.Struct, frozen=True):
    """What is read together, and with which words of the configuration."""

    environment: str
    component: str = ""
    """Component named by the path template; empty where the files name their components."""
    ending: str = ""
    """Ending of the file's name, which tells its format; empty where several files are read together."""
    artifact: tuple[str, ...] = ()
    """Keys that name the artifact, for readers that can't tell by themselves."""


class Reading(msgspec.Struct, frozen=True):
    """What came of reading a unit: everything good is kept, everything else says why."""

    components: tuple[Component, ...] = ()
    problems: tuple[Unreadable, ...] = ()
    """What could not be read."""
    lost: tuple[str, ...] | None = None
    """Ids of components that the files name and `problems` kept from being read: they stand as they last were.
    `None` where that can't be told, as in a file that is no YAML: then everything not given stands as it was."""
    notes: tuple[Unreadable, ...] = ()
    """What was passed over on purpose (a template that is not rendered here), shown but no fault."""
    expected: dict[str, str] = {}
    """Differences that this model declares as production's own: pattern `COMPONENT` or `COMPONENT FIELD`,
    with `*` for any text → reason."""


class Mask(Protocol):
    """Turns a secret's value into a fingerprint that tells only whether it changed."""

    def __call__(self, value: str) -> str:
        """Return the fingerprint of `value`."""
        ...


class Reader(Protocol):
    """One kind of deployment model. Other packages add theirs by the entry point group `assay.readers`."""

    name: str
    """Name in `assay.yaml`."""
    whole_environment: bool
    """True where all files of an environment form one unit; false where every file is a unit of its own."""

    def accepts(self, path: str) -> bool:
        """Return whether a file of this path belongs to the model."""
        ...

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the components of `files`; never raises for their content."""
        ...
