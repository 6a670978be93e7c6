"""The JSON Schema of `assay.yaml`, for editors and for people who write one."""

from __future__ import annotations

from typing import Any

from generator.config.cleaning import NAME_PATTERN
from generator.config.model_entries import NEEDS_ENVIRONMENT
from generator.config.schema import BUILT_IN_READERS, Config

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_schema(readers: frozenset[str] = BUILT_IN_READERS) -> dict[str, Any]:
    """Return the JSON Schema of the file, with `readers` as the names of all known readers."""
    schema = Config.model_json_schema()
    source = schema["$defs"]["ModelSource"]
    options = {name: source["properties"][name] for name in ("artifact", "settings")}
    source["properties"] = {reader: _template(reader) for reader in sorted(readers)} | options
    source["required"] = []
    source["oneOf"] = [{"required": [reader]} for reader in sorted(readers)]
    environment = schema["$defs"]["Environment"]["properties"]
    environment["reader"]["enum"] = sorted(readers)
    environments = schema["properties"]["environments"]
    environments["propertyNames"] = {"pattern": f"^{NAME_PATTERN}$"}
    # In YAML, a name with nothing after it is an environment with nothing set.
    environments["additionalProperties"] = {"anyOf": [{"$ref": "#/$defs/Environment"}, {"type": "null"}]}
    return {"$schema": _DIALECT, **schema, "title": "assay.yaml"}


def _template(reader: str) -> dict[str, Any]:
    wanted = {"pattern": r"\{environment\}"} if reader in NEEDS_ENVIRONMENT else {}
    about = f"Path template of files for the reader `{reader}`, with {{environment}} and {{component}}."
    return {"type": "string", "description": about, **wanted}
