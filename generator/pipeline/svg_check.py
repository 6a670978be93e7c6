"""Whether an SVG picture is a picture alone: opened by itself, one that holds scripts would run them as the site's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIVE = frozenset({"script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "audio", "video"})
"""Elements that run something, or may hold what does."""
_RUNS = re.compile(r"(?:javascript|vbscript):|data:(?!image/(?:png|jpeg|gif|webp);)", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]+")
"""What browsers pass over in an address."""


class _ActiveError(Exception):
    """Ends the parsing at what a picture does not need."""


def _stop(told: str) -> NoReturn:
    raise _ActiveError(told)


def active_part(content: bytes) -> str:
    """Return what makes an SVG more than a picture, in a few words; empty where it is one."""
    parser = expat.ParserCreate()

    def element(name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local.lower() in ACTIVE:
            _stop(f"the element {local}")
        for key, value in attributes.items():
            if key.rpartition(":")[2].lower().startswith("on"):
                _stop(f"the attribute {key}")
            if _RUNS.match(_IGNORED.sub("", value)) or "javascript:" in _IGNORED.sub("", value).lower():
                _stop(f"an address that runs a script, in {key}")

    def instruction(target: str, _data: str) -> None:
        _stop(f"the instruction {target}")

    def entity(name: str, *_rest: object) -> None:
        _stop(f"the entity {name}")

    parser.StartElementHandler = element
    parser.ProcessingInstructionHandler = instruction
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parser takes no keywords
    except _ActiveError as found:
        return str(found)
    except (expat.ExpatError, ValueError, LookupError):
        return "XML that cannot be read"
    return ""
