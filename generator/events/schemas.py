"""JSON Schemas of the plain form of records and of mapping files, made from the forms and kept in the package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from generator.events import values
from generator.events.forms import FORMS
from generator.events.plain import KIND

if TYPE_CHECKING:
    from generator.events.forms import Form, Key

NAMES = ("records", "mapping")
"""Schemas that are published."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": ["string", "number"], "maxLength": values.LONGEST}
_FREE: dict[str, Any] = {"type": ["string", "number"]}
_MOMENT: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2}))?$",
    "description": "A time with its zone, or a day.",
}
_WAYS: dict[str, Any] = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}],
}


def make_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas as the forms are now."""
    return {"records": _records(), "mapping": _mapping()}


def record_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas as they are published in the package."""
    folder = files("generator.events") / "schema"
    return {name: json.loads((folder / f"{name}.schema.json").read_text("utf-8")) for name in NAMES}


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as its published text."""
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _records() -> dict[str, Any]:
    sections = {
        form.section: {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{form.word}"}} for form in FORMS.values()
    }
    labelled = [
        {
            "allOf": [{"$ref": f"#/$defs/{form.word}_keys"}],
            "properties": {KIND: {"enum": sorted({form.section, form.word, form.attribute})}},
            "required": [KIND],
            "unevaluatedProperties": False,
        }
        for form in FORMS.values()
    ]
    one = {"oneOf": labelled}
    return {
        "$schema": _DIALECT,
        "title": "Assay records",
        "$defs": {name: schema for form in FORMS.values() for name, schema in _definitions(form).items()},
        "anyOf": [
            {"type": "object", "properties": sections, "additionalProperties": False},
            one,
            {"type": "array", "items": one},
        ],
    }


def _definitions(form: Form) -> dict[str, dict[str, Any]]:
    keys = {
        "type": "object",
        "properties": {key.name: _value(key) for key in form.keys.values()},
        "required": sorted(key.name for key in form.keys.values() if key.required),
    }
    return {
        f"{form.word}_keys": keys,
        form.word: {"$ref": f"#/$defs/{form.word}_keys", "unevaluatedProperties": False},
    }


def _value(key: Key) -> dict[str, Any]:
    known: dict[object, dict[str, Any]] = {
        values.moment: _MOMENT,
        values.free_text: _FREE,
        values.status: {"enum": sorted(values.STATUS_WORDS)},
        values.yes_or_no: {"type": ["boolean", "string"]},
    }
    made = known.get(key.clean, _TEXT)
    if key.required:
        return made
    return {"anyOf": [made, {"type": "null"}]}


def _mapping() -> dict[str, Any]:
    taking = {
        "type": "object",
        "properties": {
            "from": _WAYS,
            "prefix": {"type": "string"},
            "values": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
            "default": {"type": "string", "minLength": 1},
        },
        "anyOf": [{"required": ["from"]}, {"required": ["default"]}],
        "additionalProperties": False,
    }
    kinds = [
        {
            "properties": {
                "record": {"enum": sorted({form.section, form.word, form.attribute})},
                "fields": {
                    "type": "object",
                    "properties": {key: {"$ref": "#/$defs/taking"} for key in sorted(form.keys)},
                    "required": sorted(key.name for key in form.keys.values() if key.required),
                    "additionalProperties": False,
                },
            }
        }
        for form in FORMS.values()
    ]
    return {
        "$schema": _DIALECT,
        "title": "Assay mapping of an export to records",
        "$defs": {"taking": {"anyOf": [*_WAYS["anyOf"], taking]}},
        "type": "object",
        "properties": {
            "record": {"type": "string"},
            "items": {"type": "string", "description": "Keys with dots between them; none where the file is the list."},
            "where": {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                },
            },
            "fields": {"type": "object"},
        },
        "required": ["record", "fields"],
        "oneOf": kinds,
        "additionalProperties": False,
    }
