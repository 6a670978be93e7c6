"""OpenMetrics text 1.0: families of samples, each series once, all of one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import escape_control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GAUGE, COUNTER, INFO = "gauge", "counter", "info"
_SUFFIXES = {GAUGE: "", COUNTER: "_total", INFO: "_info"}


@dataclass(slots=True)
class _Family:
    kind: str
    says: str
    unit: str
    samples: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)


class Exposition:
    """Gathers samples; `text` writes them. A series that is there already is not written again."""

    def __init__(self, timestamp: int | None) -> None:
        """Write each sample with `timestamp`, seconds since 1970; without one where it is `None`."""
        self._families: dict[str, _Family] = {}
        self._end = "" if timestamp is None else f" {timestamp}"

    def family(self, name: str, kind: str, says: str, unit: str = "") -> None:
        """Describe the family `name`, which ends with its `unit` where it has one."""
        self._families.setdefault(name, _Family(kind, says, unit))

    def add(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Add a sample to a family that was described; labels that are empty are left out."""
        key = tuple((label, text) for label, text in labels.items() if text)
        self._families[name].samples.setdefault(key, str(value))

    def text(self) -> str:
        """Return every family that has samples, in the order in which they were described."""
        return "\n".join([*self._lines(), "# EOF"]) + "\n"

    def _lines(self) -> Iterator[str]:
        for name, family in self._families.items():
            if not family.samples:
                continue
            yield f"# TYPE {name} {family.kind}"
            if family.unit:
                yield f"# UNIT {name} {family.unit}"
            yield f"# HELP {name} {_escaped(family.says)}"
            for labels, value in family.samples.items():
                held = ",".join(f'{label}="{_label(text)}"' for label, text in labels)
                yield f"{name}{_SUFFIXES[family.kind]}{{{held}}} {value}{self._end}"


def _label(text: str) -> str:
    """Return a label's value: what would steer a terminal as an escape, and a backslash so that no two become one."""
    return _escaped(escape_control(text.replace("\\", "\\\\")))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
