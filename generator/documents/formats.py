"""Choice of the format by a file's name, and the formats beside YAML."""

from __future__ import annotations

import io
import json
import tomllib
from typing import Any

from dotenv.parser import parse_stream

from generator.documents.tree import Documents, Mapping, Node, Scalar, Sequence
from generator.documents.yaml_text import MAX_BYTES, MAX_DEPTH, parse_yaml
from generator.errors import Place, Unreadable, one_line

YAML_SUFFIXES = (".yaml", ".yml")


def parse(data: bytes, path: str) -> Documents:
    """Return the documents of a file in the format that its name tells; a name that tells nothing is read as YAML.

    Line numbers are known for YAML, JSON and .env; TOML's are 0. Never raises for what the file holds.
    """
    name = path.rsplit("/", 1)[-1]
    if len(data) > MAX_BYTES:
        return parse_yaml(data, path)
    if name.endswith(".json"):
        return _parse_json(data, path)
    if name.endswith(".toml"):
        return _parse_toml(data, path)
    if name.endswith(".env") or name.startswith(".env"):
        return _parse_env(data, path)
    return parse_yaml(data, path)


def _parse_json(data: bytes, path: str) -> Documents:
    """Read JSON as YAML, which knows lines; what only JSON allows (tabs) is read again without them."""
    documents = parse_yaml(data, path)
    if documents.problem is None or documents.problem.code not in {"yaml-syntax", "template"}:
        return documents
    try:
        tree = json.loads(data, parse_int=str, parse_float=str, object_pairs_hook=distinct)
        return Documents((_from_plain(tree),))
    except (ValueError, RecursionError) as fault:
        if documents.problem.code == "template":
            return documents
        line = fault.lineno if isinstance(fault, json.JSONDecodeError) else 0
        return Documents((), Unreadable("json-syntax", one_line(str(fault)), Place(path, line)))


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a JSON object; raises `ValueError` where a key stands twice in it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                message = f"key {key!r} stands twice in one object"
                raise ValueError(message)
            seen.add(key)
    return found


def _parse_toml(data: bytes, path: str) -> Documents:
    try:
        return Documents((_from_plain(tomllib.loads(data.decode(), parse_float=str)),))
    except (ValueError, RecursionError) as fault:
        return Documents((), Unreadable("toml-syntax", one_line(str(fault)), Place(path)))


def _parse_env(data: bytes, path: str) -> Documents:
    try:
        bindings = list(parse_stream(io.StringIO(data.decode())))
    except UnicodeError as fault:
        return Documents((), Unreadable("env-syntax", one_line(str(fault)), Place(path)))
    root = Mapping({}, 1, {})
    for binding in bindings:
        line = binding.original.line
        if binding.error:
            reason = "a line that is no KEY=VALUE"
            return Documents((root,), Unreadable("env-syntax", reason, Place(path, line)))
        if binding.key is not None:
            root.entries[binding.key] = Scalar(binding.value or "", line, plain=False)
            root.lines[binding.key] = line
    return Documents((root,))


def _from_plain(value: Any, depth: int = 0) -> Node:  # noqa: ANN401 - what a parser of a foreign format returns
    if depth > MAX_DEPTH:
        message = f"nested deeper than {MAX_DEPTH} levels"
        raise ValueError(message)
    if isinstance(value, dict):
        return Mapping({k: _from_plain(v, depth + 1) for k, v in value.items()}, 0, dict.fromkeys(value, 0))
    if isinstance(value, list):
        return Sequence([_from_plain(v, depth + 1) for v in value], 0)
    if value is None:
        return Scalar("", 0)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", 0)
    return Scalar(str(value), 0, plain=not isinstance(value, str))
