"""When an environment first had each artifact, and which artifacts the next one had before it."""

from __future__ import annotations

import hashlib
from array import array
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from generator.evidence.packs import ComponentRecord

ARTIFACT = "artifact"
NEVER = -1
_SIZE = 16
_INDEX = "I"
_ENCODER = msgspec.msgpack.Encoder()


class FirstsState(msgspec.Struct, array_like=True, gc=False):
    """What stands in `Firsts`, as bytes: there may be an artifact for each deployment."""

    names: bytes
    at: bytes


class Firsts:
    """Artifact of a component → index of the first deployment of one environment that had it."""

    def __init__(self, state: FirstsState | None = None) -> None:
        """Go on from `state`."""
        self._at: dict[bytes, int] = {}
        if state is not None:
            indexes = array(_INDEX)
            indexes.frombytes(state.at)
            self._at = dict(zip(cut(state.names), indexes, strict=True))

    def index(self, name: bytes) -> int:
        """Return when the artifact called `name` was first there; `NEVER` where it was not."""
        return self._at.get(name, NEVER)

    def note(self, name: bytes, index: int) -> bool:
        """Take in that an artifact stands at the deployment `index`; return whether it does for the first time."""
        return self._at.setdefault(name, index) == index

    def state(self) -> FirstsState:
        """Return what stands in it."""
        return FirstsState(b"".join(self._at), array(_INDEX, self._at.values()).tobytes())


class Upstream:
    """The firsts of the upstream of an environment, as seen from there: what it did not have yet is remembered."""

    def __init__(self, firsts: Firsts | None, waits: bytes = b"", late: tuple[Late, ...] = ()) -> None:
        """`firsts` is `None` for an environment that has no upstream; `waits` and `late` are to go on from."""
        self._firsts = firsts
        self._waits = set(cut(waits))
        self.late = list(late)
        """What the upstream had only after it had been said that it never had it."""

    def index(self, component: str, field: str, value: str) -> int:
        """Return when the upstream first had an artifact, as far as is known by now; else `NEVER`."""
        if self._firsts is None:
            return NEVER
        name = name_of(component, field, value)
        found = self._firsts.index(name)
        if found == NEVER:
            self._waits.add(name)
        return found

    def came(self, artifact: tuple[str, str, str], name: bytes, index: int) -> None:
        """Take in that the upstream has an artifact for the first time, at its deployment `index`."""
        if name in self._waits:
            self._waits.remove(name)
            self.late.append((*artifact, index))

    def waits(self) -> bytes:
        """Return what it was said of that the upstream never had it, as bytes to go on from."""
        return b"".join(sorted(self._waits))


Late = tuple[str, str, str, int]
"""(component, field, artifact, index of the deployment at which the upstream first had it)."""


def name_of(component: str, field: str, value: str) -> bytes:
    """Return a short name for an artifact of a component."""
    return hashlib.blake2b(_ENCODER.encode((component, field, value)), digest_size=_SIZE).digest()


def artifacts(record: ComponentRecord) -> list[tuple[str, str]]:
    """Return the artifacts of a component, by field."""
    return [(field, value) for aspect, field, value in record.fields if aspect == ARTIFACT]


def cut(names: bytes) -> list[bytes]:
    """Return names that stand one after the other."""
    return [names[at : at + _SIZE] for at in range(0, len(names), _SIZE)]
