"""The explicit model's two files as types: what may stand in `model.yaml` and in `environments/NAME.yaml`.

The JSON Schemas in `schemas/` are generated from here, so that an editor and the reader agree. Every value is the raw
text of the file: `version: 1.10` is the text `1.10`, whatever a schema has to call it for editors.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema, model_validator
from pydantic import Field as Key

FORMAT = "1"
"""The format's version, as `assay: 1` at the head of each file."""

_SCALARS = ["string", "number", "boolean"]

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=253)]
"""Name of a component or resource; without spaces, because declared differences name them in patterns."""
Text = Annotated[str, WithJsonSchema({"type": _SCALARS})]
SettingName = Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=253)]
Setting = Annotated[str | None, WithJsonSchema({"type": [*_SCALARS, "null"]})]
"""A value; nothing (`KEY:`) in an environment takes the model's default away."""
Count = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$"), WithJsonSchema({"type": "integer", "minimum": 0})]
PortNumber = Annotated[
    str,
    StringConstraints(
        pattern=r"^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$"
    ),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 65535}),
]
Switch = Annotated[Literal["true", "false"], WithJsonSchema({"type": "boolean"})]
Version = Annotated[Literal["1"], WithJsonSchema({"const": int(FORMAT)})]


class ResourceKind(StrEnum):
    """What a resource is; the same words as the roles of a topology."""

    CONFIG = "config"
    SECRET = "secret"  # noqa: S105 - the word, not a secret
    VOLUME = "volume"
    EXTERNAL = "external"


class Shape(BaseModel):
    """A mapping of the format: unknown keys are refused, a key without a value counts as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_absent(cls, data: object) -> object:
        if data is None:
            return {}
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class ConnectionShape(Shape):
    """A connection from the component it stands in."""

    to: Annotated[Name, Key(description="Component or resource at the other end.")]
    port: Annotated[Text, Key(description="Port number, or the name of a port of the other end.")] = ""
    via: Annotated[str, Key(description="Setting that carries the address, so that it isn't read as another one.")] = ""
    optional: Annotated[Switch, Key(description="True where the other end may be missing.")] = "false"


def _spell_out(data: object) -> object:
    return {"to": data} if isinstance(data, str) else data


ConnectionEntry = Annotated[ConnectionShape, BeforeValidator(_spell_out, json_schema_input_type=Name | ConnectionShape)]


class ComponentShape(Shape):
    """What a component is in every environment, and the defaults that environments may change."""

    kind: Annotated[Text, Key(description="A word of your own: service, job, database.")] = "service"
    description: Annotated[str, Key(description="What it is for; no part of what is compared.")] = ""
    team: Annotated[str, Key(description="Who looks after it.")] = ""
    artifact: Annotated[str, Key(description="Image repository or package; an environment's version completes it.")] = (
        ""
    )
    ports: Annotated[dict[Name, PortNumber], Key(description="Ports it listens on, by name.")] = {}
    replicas: Annotated[Count | None, Key(description="Default number of instances.")] = None
    settings: Annotated[dict[SettingName, Setting], Key(description="Default settings.")] = {}
    connections: Annotated[list[ConnectionEntry], Key(description="What it calls: names, or mappings with `to`.")] = []
    uses: Annotated[list[Name], Key(description="Resources of this model that it needs.")] = []


class ResourceShape(Shape):
    """Something that components use and that is not deployed with them."""

    kind: Annotated[ResourceKind, Key(description="What it is.")]
    description: Annotated[str, Key(description="What it is for.")] = ""
    team: Annotated[str, Key(description="Who looks after it.")] = ""
    host: Annotated[str, Key(description="Host name under which it is reached.")] = ""
    settings: Annotated[dict[SettingName, Setting], Key(description="Default settings.")] = {}


class ProductionOnlyShape(Shape):
    """A difference that production is meant to have."""

    component: Annotated[str, StringConstraints(pattern=r"^\S+$"), Key(description="Name; `*` stands for any text.")]
    field: Annotated[
        str,
        StringConstraints(pattern=r"^\S+$"),
        Key(description="Field such as `settings.RATE_LIMIT` or `replicas`; without it the whole component."),
    ] = "*"
    reason: Annotated[str, StringConstraints(min_length=1), Key(description="Why production differs.")]
    owner: Annotated[str, Key(description="Who answers for the difference.")] = ""


class ModelFile(Shape):
    """`model.yaml`: what there is, whatever the environment."""

    model_config = ConfigDict(title="Assay explicit model")

    assay: Annotated[Version, Key(description="Version of this format.")]
    components: dict[Name, ComponentShape] = {}
    resources: dict[Name, ResourceShape] = {}
    production_only: list[ProductionOnlyShape] = []


class ComponentSettings(Shape):
    """A component as one environment has it."""

    version: Annotated[Text, Key(description="Version that runs; completes the model's artifact.")] = ""
    replicas: Annotated[Count | None, Key(description="Number of instances here.")] = None
    settings: Annotated[dict[SettingName, Setting], Key(description="Settings here, over the model's defaults.")] = {}
    secrets: Annotated[
        dict[SettingName, Setting], Key(description="Secret values or references; only fingerprints are kept.")
    ] = {}
    absent: Annotated[Switch, Key(description="True where it is left out of this environment on purpose.")] = "false"


class ResourceSettings(Shape):
    """A resource as one environment has it."""

    host: Annotated[str, Key(description="Host name here.")] = ""
    settings: Annotated[dict[SettingName, Setting], Key(description="Settings here, over the model's defaults.")] = {}


class EnvironmentFile(Shape):
    """`environments/NAME.yaml`: which components the environment has, and with what."""

    model_config = ConfigDict(title="Assay explicit model: one environment")

    assay: Annotated[Version, Key(description="Version of this format.")] = "1"
    components: dict[Name, ComponentSettings] = {}
    resources: dict[Name, ResourceSettings] = {}


def schemas() -> dict[str, str]:
    """Return the JSON Schema of each file as text, by the name it is shipped under in `schemas/`."""
    files: dict[str, type[Shape]] = {"explicit-model.json": ModelFile, "explicit-environment.json": EnvironmentFile}
    return {name: _schema_text(shape) for name, shape in files.items()}


def _schema_text(shape: type[Shape]) -> str:
    schema: dict[str, Any] = shape.model_json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for part in (schema, *schema["$defs"].values()):
        if part.get("type") == "object":
            part["type"] = ["object", "null"]
        for described in part.get("properties", {}).values():
            _tidy(described)
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _tidy(described: dict[str, Any]) -> None:
    """Leave out what tells an editor's user nothing, and refuse the names that the reader refuses."""
    described.pop("title", None)
    if described.get("default") != "service":
        described.pop("default", None)
    if "patternProperties" in described:
        described["additionalProperties"] = False
