"""What a CDEvent has to have, by its specification: context and subject, and what the types that are read need.

Fields that are not named here are left alone: what a later version of the specification adds is no fault.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from generator.errors import one_line

Said = Annotated[str, msgspec.Meta(min_length=1)]
"""Text that is not empty."""


class Context(msgspec.Struct, frozen=True):
    """Who tells what, and when."""

    id: Said
    source: Said
    type: Said
    timestamp: Said
    version: str = ""
    """Version of the specification; later ones call it `specversion`."""
    specversion: str = ""

    def __post_init__(self) -> None:
        """Refuse an event that names no version."""
        if not self.version and not self.specversion:
            message = "Object missing required field `version` (or `specversion`)"
            raise ValueError(message)


class Subject(msgspec.Struct, frozen=True):
    """What it is told of."""

    id: Said
    content: dict[str, Any]


class Event(msgspec.Struct, frozen=True):
    """One CDEvent."""

    context: Context
    subject: Subject
    customData: dict[str, Any] | str | None = None  # noqa: N815 - a name of the specification, as those below


class Reference(msgspec.Struct, frozen=True):
    """An environment or a service by its id."""

    id: Said


class Placed(msgspec.Struct, frozen=True):
    """Content of what happens in an environment: services, deployments, incidents, and our own types."""

    environment: Reference
    service: Reference | None = None
    artifactId: str = ""  # noqa: N815
    description: str = ""
    outcome: str = ""


class Run(msgspec.Struct, frozen=True):
    """Content of a run of a pipeline or a task, which is a deployment only where it names an environment."""

    environment: Reference | None = None
    service: Reference | None = None
    artifactId: str = ""  # noqa: N815
    description: str = ""
    outcome: str = ""


class Closing(Run, frozen=True):
    """Content of what ends something that another event began: it may leave the environment to that one."""


def validated(value: object, kind: type[msgspec.Struct], at: str) -> msgspec.Struct | str:
    """Return `value` as a `kind`, or what is wrong with it and where, below the field `at`."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        reason, _, where = str(fault).partition(" - at `$")
        path = f"{at}{where.rstrip('`')}".strip(".")
        return one_line(f"`{path}`: {reason}" if path else reason, 300)
    except RecursionError:
        return "nested too deep"
    except UnicodeError:
        return "bytes that are no text"
