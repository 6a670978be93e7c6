"""Amounts as Kubernetes writes them: `500m`, `1.5`, `256Mi`, `1e3`."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

_FORM = re.compile(
    r"(?P<number>[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?P<unit>[A-Za-z]{0,2}|[eE][+-]?[0-9]{1,2})"
)
_UNITS = MappingProxyType(
    {
        "": Decimal(1),
        "n": Decimal("1e-9"),
        "u": Decimal("1e-6"),
        "m": Decimal("1e-3"),
        **{unit: Decimal(1000) ** (place + 1) for place, unit in enumerate("kMGTPE")},
        **{f"{unit}i": Decimal(1024) ** (place + 1) for place, unit in enumerate("KMGTPE")},
    }
)


def quantity(text: str) -> Decimal | None:
    """Return an amount in its base unit (bytes, cores); `None` for what is none, such as a text to be filled in."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        return None
    number, unit = Decimal(found["number"]), found["unit"]
    if unit in _UNITS:
        return number * _UNITS[unit]
    return number.scaleb(int(unit[1:])) if unit[:1] in {"e", "E"} and unit[1:] else None
