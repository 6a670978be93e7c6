"""`assay.yaml` read: every error of the file at once, each with its line, its column and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from generator.config.cleaning import FAULT, RULE
from generator.config.faults import Fault
from generator.config.model_entries import model_entries
from generator.config.naming import known_keys, name_faults
from generator.config.positions import Plain, Positions, plain_with_positions
from generator.config.rules import unplaced_faults, upstream_faults
from generator.config.schema import MOST_ENVIRONMENTS, Config
from generator.config.suggestions import suggestion
from generator.documents.yaml_text import parse_yaml
from generator.errors import AssayError, ConfigErrors, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

MOST_BYTES = 256 * 1024
"""Largest file that is read."""
MOST_ERRORS = 100
"""Errors of one file that are told one by one; the rest is counted."""
_MOST_DETAILS = 1000
_CODE = "config"
_WANTED = {
    "string_type": "must be text",
    "dict_type": "must be a mapping of `name: settings`",
    "model_type": "must be a mapping of `key: value`",
    "tuple_type": "must be a text or a list of texts",
    "bool_type": "must be `true` or `false`",
    "int_type": "must be a whole number",
}
_LISTS_OF_MAPPINGS = {("model",), ("ignore",), ("records",), ("gates",), ("metrics", "availability", "agreed")}


def load_config(data: bytes, path: str, readers: frozenset[str], rules: frozenset[str] = frozenset()) -> Config:
    """Return what the file `path`, with the content `data`, says.

    `readers` are the names of all known readers, `rules` the ids of all built-in rules; without any, ids of rules are
    not looked at.

    Raises ConfigErrors with every error of the file, in the order of its lines.
    """
    if len(data) > MOST_BYTES:
        reason = f"{len(data)} bytes, more than the {MOST_BYTES} that are read"
        raise ConfigErrors([AssayError(_CODE, reason, place=Place(path))])
    documents = parse_yaml(data, path)
    if documents.problem:
        problem = documents.problem
        raise ConfigErrors([AssayError(_CODE, problem.reason, fix=problem.fix, place=problem.place)])
    if len(documents.roots) != 1:
        reason = "holds several documents" if documents.roots else "is empty"
        fix = "write one document that names the environments"
        raise ConfigErrors([AssayError(_CODE, reason, fix=fix, place=Place(path, 1))])
    plain, positions = plain_with_positions(documents.roots[0], data)
    config, faults = _validate(plain, readers)
    if config is not None:
        faults += name_faults(config, rules)
    if faults or config is None:
        raise ConfigErrors(_placed(faults, positions, path))
    return config


def _validate(plain: Plain, readers: frozenset[str]) -> tuple[Config | None, list[Fault]]:
    if not isinstance(plain, dict):
        return None, [Fault((), "must be a mapping of `key: value`", "start with `environments:`")]
    model, faults, template_keys = model_entries(plain.get("model"), readers, shared=_shared(plain))
    found = [Fault(f.location, f.reason, f.fix, f.at_key) for f in faults]
    found += _environment_faults(plain, readers)
    try:
        return Config.model_validate(plain | {"model": model}), found
    except ValidationError as error:
        details = error.errors(include_url=False)[:_MOST_DETAILS]
    # The model stops at the first broken rule; above, all of them were told with their places.
    return None, found + [_fault(detail, template_keys) for detail in details if detail["type"] != RULE or not found]


def _environment_faults(plain: Mapping[str, Plain], readers: frozenset[str]) -> list[Fault]:
    """Return what is wrong between the environments, as far as they can be told."""
    environments = plain.get("environments")
    if not isinstance(environments, dict) or len(environments) > MOST_ENVIRONMENTS:
        return []
    settings = {name: value if isinstance(value, dict) else {} for name, value in environments.items()}
    upstreams = {name: _text(value.get("upstream")) for name, value in settings.items()}
    # What is no mapping at all is told as that; that it has no path either is no news.
    has_path = {
        name: value.get("path") not in (None, []) or not isinstance(environments[name], dict | None)
        for name, value in settings.items()
    }
    faults = []
    for rule in [*upstream_faults(upstreams), *unplaced_faults(has_path, model=bool(plain.get("model")))]:
        key = (rule.key,) if rule.key else ()
        faults.append(Fault(("environments", rule.environment, *key), rule.reason, rule.fix, at_key=not key))
    for name, value in settings.items():
        reader = _text(value.get("reader"))
        if reader and reader not in readers:
            fix = suggestion(reader, readers, "readers")
            faults.append(Fault(("environments", name, "reader"), f"no reader `{reader}` is installed", fix))
        elif reader and not has_path[name]:
            fault = Fault(
                ("environments", name, "reader"), "a reader needs a `path` to read", "add `path`", at_key=True
            )
            faults.append(fault)
    return faults


def _shared(plain: Mapping[str, Plain]) -> bool:
    """Return whether several environments have the history of the file's own `ref`."""
    environments = plain.get("environments")
    settings = environments.values() if isinstance(environments, dict) else ()
    own = ("ref", "tags", "pin")
    return sum(not (isinstance(value, dict) and any(value.get(key) for key in own)) for value in settings) > 1


def _text(value: Plain) -> str:
    return value if isinstance(value, str) else ""


def _fault(detail: ErrorDetails, template_keys: Sequence[str]) -> Fault:
    """Return an error of pydantic in the words and locations of the file."""
    kind, location = detail["type"], detail["loc"]
    at_key = kind in {"missing", "extra_forbidden"} or location[-1:] == ("[key]",)
    if location[:1] == ("model",) and location[2:3] == ("templates",):
        location = (*location[:2], template_keys[int(location[1])], *location[3:])
    reason, fix = _worded(detail)
    return Fault(location[:-1] if kind == "missing" or location[-1:] == ("[key]",) else location, reason, fix, at_key)


def _worded(detail: ErrorDetails) -> tuple[str, str]:
    """Return the reason of an error of pydantic for a person, and what to do."""
    location, given = detail["loc"], detail.get("ctx", {})
    match detail["type"]:
        case kind if kind in {FAULT, RULE}:
            told = str(given["reason"]), str(given["fix"])
        case "missing":
            fix = "" if len(location) > 1 else ", such as `environments: {production: {path: deploy}}`"
            told = f"the key `{location[-1]}` is missing", f"add it{fix}"
        case "extra_forbidden":
            known = known_keys(location[:-1])
            told = f"the key `{location[-1]}` is not known here", suggestion(str(location[-1]), known, "keys")
        case "too_short":
            told = "needs at least one environment", "add one, such as `production: {path: deploy}`"
        case "too_long":
            told = f"has more than {given['max_length']} entries, the most that are taken", ""
        case "tuple_type" if location in _LISTS_OF_MAPPINGS:
            told = f"must be a list, each entry after `- `, and is {_described(detail['input'])}", ""
        case kind if kind in _WANTED:
            told = f"{_WANTED[kind]}, and is {_described(detail['input'])}", ""
        case _:
            told = detail["msg"].replace("Input should be", "must be", 1), ""
    return told


def _described(value: Any) -> str:  # noqa: ANN401 - input that failed validation can be anything
    match value:
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case None:
            return "empty"
        case _:
            return "one value"


def _placed(faults: Sequence[Fault], positions: Positions, path: str) -> list[AssayError]:
    """Return `faults` as errors in the order of the text, each once."""
    errors: dict[tuple[int, int, str], AssayError] = {}
    for fault in faults:
        line, column = positions.of_key(fault.location) if fault.at_key else positions.of_value(fault.location)
        # One text where a list may stand: its place in that list is not in the file.
        told = fault.location if fault.location in positions.values or fault.at_key else fault.location[:-1]
        where = ".".join(str(part) for part in told)
        reason = f"{where}: {fault.reason}" if where else fault.reason
        error = AssayError(_CODE, reason, fix=fault.fix, place=Place(path, line, column))
        errors.setdefault((line, column, reason), error)
    ordered = [errors[key] for key in sorted(errors)]
    if len(ordered) > MOST_ERRORS:
        more = f"{len(ordered) - MOST_ERRORS} more errors follow"
        ordered = [*ordered[:MOST_ERRORS], AssayError(_CODE, more, place=Place(path))]
    return ordered
