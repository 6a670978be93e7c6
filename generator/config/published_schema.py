"""The JSON Schema of `assay.yaml`, for editors and for people who write one."""

from __future__ import annotations

from typing import Any

from generator.config.cleaning import NAME_PATTERN
from generator.config.model_entries import BESIDE_VALUES, LAYERED, OPTIONS
from generator.config.schema import BUILT_IN_READERS, Config

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_schema(readers: frozenset[str] = BUILT_IN_READERS) -> dict[str, Any]:
    """Return the JSON Schema of the file, with `readers` as the names of all known readers."""
    schema = Config.model_json_schema()
    source = schema["$defs"]["ModelSource"]
    options = {name: source["properties"][name] for name in OPTIONS if name not in readers}
    source["properties"] = {reader: _templates(reader) for reader in sorted(readers)} | options
    source["required"] = []
    # `values` is a reader by itself, and an option beside some.
    source["oneOf"] = [{"required": [reader]} | _alone(reader) for reader in sorted(readers)]
    environment = schema["$defs"]["Environment"]["properties"]
    environment["reader"]["enum"] = sorted(readers)
    environments = schema["properties"]["environments"]
    environments["propertyNames"] = {"pattern": f"^{NAME_PATTERN}$"}
    # In YAML, a name with nothing after it is an environment with nothing set.
    environments["additionalProperties"] = {"anyOf": [{"$ref": "#/$defs/Environment"}, {"type": "null"}]}
    return {"$schema": _DIALECT, **schema, "title": "assay.yaml"}


def _alone(reader: str) -> dict[str, Any]:
    beside = [{"required": [other]} for other in sorted(BESIDE_VALUES)]
    return {"not": {"anyOf": beside}} if reader == "values" else {}


def _templates(reader: str) -> dict[str, Any]:
    several = "; a list of templates are layers" if reader in LAYERED or reader not in BUILT_IN_READERS else ""
    about = f"Path template for the reader `{reader}`, with {{environment}}, {{component}} and {{cluster}}{several}."
    one = {"type": "string", "minLength": 1}
    return {"description": about, "anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
