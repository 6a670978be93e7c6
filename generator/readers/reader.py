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
from generator.rendering.jobs import InputFile, Job, Rendered  # noqa: TC001 - as above

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
    layers: tuple[str, ...] = ()
    """For readers of a tree: paths of the files that are laid over one another, later ones win. Each may be absent."""
    components: str = ""
    """Key under which each entry or item is a component of its own; empty where the unit is one component."""
    provided: tuple[str, ...] = ()
    """For readers of a tree: glob patterns of paths that exist only at deployment time."""
    target: str = ""
    """Version of Kubernetes that the environment runs, such as `1.31`; empty where none is configured."""


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
    ignored: tuple[int, ...] = ()
    """Numbers of the user's rules that took a field away; readers leave it empty."""


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


class Tree(Protocol):
    """The files of the repository at one commit.

    What is looked at is noted, so that a unit is planned again only where a commit changes some of it.
    """

    def blob(self, path: str) -> str:
        """Return the object id of a file; empty where no regular file stands at `path`."""
        ...

    def mode(self, path: str) -> str:
        """Return the mode of what stands at `path`; empty where nothing stands.

        `100644` and `100755` are files, `120000` is a link, `160000` a submodule, `040000` a folder.
        """
        ...

    def read(self, path: str) -> bytes | Unreadable | None:
        """Return a file's content, why there is none, or `None` where no regular file stands at `path`."""
        ...

    def files(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all regular files below `folder` (empty for the top), sorted."""
        ...


class Plan(msgspec.Struct, frozen=True):
    """What reading a unit of a tree takes: exactly the files it depends on. Equal plans give equal readings."""

    files: tuple[InputFile, ...] = ()
    """Files whose content the reading depends on, sorted by path."""
    job: Job | None = None
    """What has to be rendered first; `None` where the files are read as they are."""
    problems: tuple[Unreadable, ...] = ()
    """Why it can't be read; then nothing is rendered."""
    notes: tuple[Unreadable, ...] = ()


class TreeReader(Reader, Protocol):
    """A reader of units that take more than the files below their own path: bases, charts, modules, layers."""

    def root(self, path: str) -> str | None:
        """Return the root that a file makes by standing at `path`; `None` where it makes none.

        That is the folder of a `kustomization.yaml` or of a chart, or a compose file itself.
        """
        ...

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return what reading the unit at `root` takes; never raises for what a file holds, and never guesses."""
        ...

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return the components of a planned unit; never raises for their content.

        `files` are the planned ones in their order, less those whose content could not be had; `rendered` is what
        came of the plan's job, failures included, and `None` where there is no job.
        """
        ...
