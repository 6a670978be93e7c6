"""Names in `assay.yaml`: those that must stand elsewhere in the file, and the keys that each part of it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from generator.config.check import check_faults
from generator.config.expected import unknown_environments
from generator.config.faults import Fault
from generator.config.gates import gate_faults
from generator.config.patterns import Pattern
from generator.config.schema import Config
from generator.config.suggestions import suggestion
from generator.config.user_rules import rule_id_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def name_faults(config: Config, rules: frozenset[str]) -> list[Fault]:
    """Return what names something that is not there: environments, results, and rules where `rules` are given."""
    environments = config.environments
    results = [source.name for source in config.results]
    found = [Fault(f.location, f.reason, f.fix) for f in gate_faults(config.gates, environments, results)]
    found += [Fault(*fault) for fault in check_faults(config.check, environments)]
    if rules:
        ids = rule_id_faults(config.rules, config.checks, rules)
        found += [Fault(f.location, f.reason, f.fix, f.at_key) for f in ids]
    for place, pattern in unknown_environments(config.expected, environments):
        fix = suggestion(pattern, environments, "environments")
        found.append(Fault(("expected", place, "environment"), f"`{pattern}` fits no environment of this file", fix))
    for place, rule in enumerate(config.rules):
        if not any(Pattern(rule.where.environment).fits(name) for name in environments):
            fix = suggestion(rule.where.environment, environments, "environments")
            reason = f"`{rule.where.environment}` fits no environment of this file"
            found.append(Fault(("rules", place, "where", "environment"), reason, fix))
    for place, source in enumerate(config.results):
        for name in source.environments:
            if name not in environments:
                fix = suggestion(name, environments, "environments")
                found.append(Fault(("results", place, "environments"), f"`{name}` is no environment of this file", fix))
    return found


def known_keys(location: Sequence[int | str]) -> list[str]:
    """Return the keys that the part of the file at `location` knows; those of the file where that can't be told."""
    part: type[BaseModel] = Config
    for step in location:
        field = part.model_fields.get(str(step)) if isinstance(step, str) else None
        inner = next(_models(field.annotation), None) if field is not None else None
        part = inner or part
    return [field.alias or name for name, field in part.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - an annotation can be anything
    """Yield the models that an annotation is made of, such as `Gate` of `tuple[Gate, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
