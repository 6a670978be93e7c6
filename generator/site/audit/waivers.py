"""At which deployments a waiver began to let a finding stand, told from the lists of findings one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.folding import NotKept
from generator.evidence.reading import pack_path

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context


class ListAt(msgspec.Struct, array_like=True):
    """Where the lists of one environment stand."""

    line: int = 0
    """Where the line of the list begins that was read last, in bytes."""
    digest: str = ""
    """Its name; empty where none was read."""
    exempt: list[str] = []
    """Keys of its findings that a waiver lets stand."""


class WaiversAt(msgspec.Struct, array_like=True):
    """Where the lists of all environments stand."""

    used: bool
    """Whether any waiver ever let a finding stand; the lists are read only then."""
    lists: dict[str, ListAt]


class _Finding(msgspec.Struct):
    exempt: Any = None


class _Line(msgspec.Struct):
    digest: str
    base: str = ""
    set: dict[str, _Finding] = {}
    unset: tuple[str, ...] = ()


class Waivers:
    """Tells at which deployments a waiver began to let a finding stand; reads lists only where one ever did."""

    def __init__(self, context: Context, at: WaiversAt | None) -> None:
        """Go on from `at`; raises `NotKept` where the lists are not those."""
        self._used = any(one.kind == "waiver" and one.matched for one in context.summary.exemptions)
        if at is not None and at.used != self._used:
            raise NotKept("waivers")
        names = [environment.name for environment in context.productions] if self._used else []
        kept = at.lists if at is not None else {}
        folder = context.evidence.folder
        self._lists = {name: _Lists(folder / pack_path("findings", name), kept.get(name)) for name in names}

    def began(self, record: DeploymentRecord) -> bool:
        """Return whether one began with `record`, which comes after all that were asked about before."""
        lists = self._lists.get(record.environment)
        return lists is not None and lists.advance(record.findings.object)

    def at(self) -> WaiversAt:
        """Return where the lists stand."""
        return WaiversAt(self._used, {name: lists.at() for name, lists in self._lists.items()})


class _Lists:
    """The lists of findings of one environment: of the list held, only what a waiver lets stand is known."""

    def __init__(self, path: Path, at: ListAt | None) -> None:
        self._path, self._decoder = path, msgspec.json.Decoder(_Line)
        self._line, self._next, self._digest = 0, 0, ""
        self._exempt: set[str] = set()
        if at is not None and at.digest:
            self._next = at.line
            if self._read() != at.digest:
                raise NotKept(str(path))
            self._exempt = set(at.exempt)

    def advance(self, digest: str) -> bool:
        """Go to the list named `digest`, the one held or the next; return whether a waiver began to hold with it."""
        if digest == self._digest:
            return False
        before = self._exempt
        if self._read() != digest:
            raise RefusedError("evidence", f"object {digest} is not where the deployments expect it")
        return not self._exempt <= before

    def at(self) -> ListAt:
        return ListAt(self._line, self._digest, sorted(self._exempt))

    def _read(self) -> str:
        """Take in the next line; return the name of its list, empty where there is none."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._next)
                text = file.readline()
        except FileNotFoundError:
            text = b""
        if not text:
            return ""
        try:
            line = self._decoder.decode(text)
        except msgspec.DecodeError as fault:
            raise RefusedError("evidence", str(fault), place=Place(str(self._path)), fix="build it again") from fault
        exempt = {key for key, finding in line.set.items() if finding.exempt is not None}
        # A list without a base is whole; one with a base tells what it has other than that.
        stayed = self._exempt - line.set.keys() - set(line.unset) if line.base else set()
        self._exempt = stayed | exempt
        self._line, self._next, self._digest = self._next, self._next + len(text), line.digest
        return line.digest
