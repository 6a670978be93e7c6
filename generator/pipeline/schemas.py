"""Every JSON Schema that is published, by name."""

from __future__ import annotations

from typing import Any

from generator.config.published_schema import config_schema
from generator.evidence.schemas import evidence_schemas
from generator.readers.registry import reader_names


def published_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of `assay.yaml` as `config`, and those of the evidence folder by the name of their record."""
    return {"config": config_schema(reader_names()), **evidence_schemas()}
