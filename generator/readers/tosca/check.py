"""What tosca-parser finds wrong with a template: a second opinion on its types and fields, never the way it is read.

The library loads what a template imports from any address or file, follows types that derive from each other without
an end, tries patterns of the template on its values, quotes values in its errors and keeps these, and the types of its
extensions, in one place for the whole process. So it is given one plain tree, put together here: without imports,
repositories and patterns, of the simple profile alone. It is stopped after a number of calls, which is the same on
every machine, and of its errors only those that quote nothing but names are told in its words.
"""

from __future__ import annotations

import importlib.util
import itertools
import logging
import re
import sys
from typing import TYPE_CHECKING, Any

from generator.documents.tree import Mapping, Node, Scalar, Sequence, text
from generator.errors import Place, Unreadable, one_line
from generator.readers.secrets import mask_within
from generator.readers.tosca.template import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.reader import Mask
    from generator.readers.tosca.template import Template

MOST_NODES = 500
"""Node templates of a template that is checked."""
MOST_FINDINGS = 20
MOST_CALLS = 2_000_000
"""Calls of functions that the library may make for one template: two seconds; 300 node templates take 330,000."""

_QUOTES_NAMES = frozenset(
    {"InvalidTypeError", "InvalidNodeTypeError", "MissingRequiredFieldError", "UnknownFieldError", "UnknownInputError"}
)
_LEFT_OUT = frozenset({"imports", "repositories", "dsl_definitions"})
_LOGS = ("tosca", "tosca.model")
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\d{1,18}\.\d{0,18}|\.\d{1,18})(?:[eE][-+]?\d{1,2})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class _TooLongError(BaseException):
    """Stops the library; no handler of its own is to catch it."""


def check(template: Template, mask: Mask) -> tuple[Unreadable, ...]:
    """Return what is wrong with a template, or why that could not be told, as notes."""
    reason = _not_checked(template)
    if reason:
        return (Unreadable("tosca-not-checked", reason, Place(template.path), _FIX.get(reason, "")),)
    looped = next(_looped(template), None)
    if looped is not None:
        name, path, line = looped
        return (Unreadable("tosca-invalid", f"the type {name!r} derives from itself", Place(path, line)),)
    errors = _findings(_plain_template(template))
    if isinstance(errors, str):
        return (Unreadable("tosca-not-checked", errors, Place(template.path)),)
    found = sorted({one_line(mask_within(words, mask)) for words in errors})
    notes = [Unreadable("tosca-invalid", words, Place(template.path)) for words in found[:MOST_FINDINGS]]
    if len(found) > MOST_FINDINGS:
        more = f"{len(found) - MOST_FINDINGS} more findings of this kind"
        notes.append(Unreadable("tosca-invalid", more, Place(template.path)))
    return tuple(notes)


_MISSING = "not checked by tosca-parser, which is not installed here"
_FIX = {_MISSING: "install assay[tosca]"}


def _not_checked(template: Template) -> str:
    if not template.complete:
        return "not checked by tosca-parser, since some imports are not followed and types may be unknown"
    if not text(template.root, "tosca_definitions_version").startswith("tosca_simple_yaml_"):
        return "not checked by tosca-parser, which knows the simple profile alone without a change for all that follows"
    if len(template.section("node_templates")) > MOST_NODES:
        return f"not checked by tosca-parser: more than {MOST_NODES} node templates"
    return "" if importlib.util.find_spec("toscaparser") else _MISSING


def _looped(template: Template) -> Iterator[tuple[str, str, int]]:
    """Yield each type that leads back to itself, with its place."""
    for section in TYPES:
        known = template.types.get(section, {})
        done: set[str] = set()
        for name, definition in known.items():
            way: set[str] = set()
            step = name
            while step in known and step not in done:
                if step in way:
                    yield name, definition.path, definition.body.line
                    break
                way.add(step)
                step = text(known[step].body, "derived_from")
            done |= way


def _findings(plain: dict[str, Any]) -> list[str] | str:
    """Return the errors that the library finds, or why it came to no end of its own."""
    # It takes a quarter of a second to load, and most repositories have no TOSCA.
    from toscaparser.common.exception import ExceptionCollector, ValidationError  # noqa: PLC0415 - an extra, and slow to load
    from toscaparser.tosca_template import ToscaTemplate  # noqa: PLC0415 - as above

    # Its logs quote values; without a handler they would go to standard error.
    logs = [(log, log.disabled) for log in map(logging.getLogger, _LOGS)]
    for log, _ in logs:
        log.disabled = True
    calls = itertools.count()

    def stop_late(*_: object) -> None:
        if next(calls) > MOST_CALLS:
            raise _TooLongError

    profiled = sys.getprofile()
    sys.setprofile(stop_late)
    try:
        ToscaTemplate(yaml_dict_tpl=plain)
    except _TooLongError:
        return "tosca-parser did not come to an end with it"
    except ValidationError:
        return [_words(error) for error in ExceptionCollector.getExceptions()]
    except Exception as fault:  # noqa: BLE001 - it fails in many ways on what it does not expect
        return f"tosca-parser could not check it ({type(fault).__name__})"
    finally:
        sys.setprofile(profiled)
        ExceptionCollector.stop()
        ExceptionCollector.clear()
        for log, before in logs:
            log.disabled = before
    return []


def _words(error: Exception) -> str:
    kind = type(error).__name__
    return str(error) if kind in _QUOTES_NAMES else f"a value that its type does not allow ({kind})"


def _plain_template(template: Template) -> dict[str, Any]:
    whole = {key: _plain(node) for key, node in template.root.entries.items() if key not in {*TYPES, *_LEFT_OUT}}
    for section in TYPES:
        known = template.types.get(section, {})
        if known:
            whole[section] = {name: _plain(definition.body) for name, definition in known.items()}
    return whole


def _plain(node: Node) -> Any:  # noqa: ANN401 - what the library takes: any value of YAML
    if isinstance(node, Mapping):
        return {key: _plain(child) for key, child in node.entries.items() if key != "node_filter"}
    if isinstance(node, Sequence):
        # Patterns stand alone in a list of constraints; the library takes them nowhere else but in filters of nodes.
        return [_plain(item) for item in node.items if not _is_pattern(item)]
    return _value(node)


def _is_pattern(node: Node) -> bool:
    return isinstance(node, Mapping) and list(node.entries) == ["pattern"]


def _value(scalar: Scalar) -> bool | int | float | str | None:
    if not scalar.plain:
        return scalar.text
    if scalar.text.lower() in _WORDS:
        return _WORDS[scalar.text.lower()]
    if _INTEGER.fullmatch(scalar.text):
        return int(scalar.text)
    return float(scalar.text) if _FLOAT.fullmatch(scalar.text) else scalar.text
