"""Every JSON Schema that is published, by name."""

from __future__ import annotations

from typing import Any

from generator.config.published_schema import config_schema
from generator.evidence.metrics_report import report_schema
from generator.evidence.schemas import evidence_schemas
from generator.pipeline.checking.report import report_schema as check_report_schema
from generator.readers.registry import reader_names


def published_schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by its name.

    That of `assay.yaml` is `config`, that of `assay metrics` `metrics-report`, that of `assay check` `check-report`;
    those of the evidence folder have the names of their records.
    """
    reports = {"check-report": check_report_schema(), "metrics-report": report_schema()}
    return {"config": config_schema(reader_names()), **reports, **evidence_schemas()}
