"""A detected layout as the text of an `assay.yaml`, to be kept and changed by people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.config.schema import DEFAULT_READER, DEFAULT_SETTINGS, Config
from generator.errors import RefusedError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config.detection import Detected
    from generator.config.schema import Environment, IgnoreRule, ModelSource

_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+-]*")
_NO_LAYOUT = "layout"
_NULLS = frozenset({"null", "Null", "NULL", "---", "..."})


def write_config(detected: Detected) -> str:
    """Return the text of an `assay.yaml` that says what was detected, with what it was told by as comments.

    Reading it gives the same configuration. Raises RefusedError where no layout was detected.
    """
    config = detected.config
    if config is None:
        fix = "write an assay.yaml that names the environments"
        raise RefusedError(_NO_LAYOUT, f"no layout was detected. {' '.join(detected.reasons)}", fix=fix)
    lines = [f"# Detected ({detected.confidence}); change it where it is wrong."]
    lines += [f"# {one_line(reason, 1000)}" for reason in detected.reasons]
    lines += _settings(config)
    lines.append("environments:  # in the order of promotion")
    for name, environment in config.environments.items():
        lines.append(f"  {quoted(name)}: {{{', '.join(_environment(environment))}}}")
    if config.model:
        lines.append("model:")
        for source in config.model:
            lines += _source(source)
    if config.provided:
        lines.append(f"provided: {_one_or_many(config.provided)}  # what exists only at deployment time")
    lines += _site(config)
    if config.ignore:
        lines.append("ignore:")
        lines += [f"  - {{{', '.join(_rule(rule))}}}" for rule in config.ignore]
    return "\n".join(lines) + "\n"


def _settings(config: Config) -> list[str]:
    """Return the lines of what is set otherwise than by default."""
    lines = []
    if config.title:
        lines.append(f"title: {quoted(config.title)}")
    if config.ref != Config.model_fields["ref"].default:
        lines.append(f"ref: {quoted(config.ref)}")
    if config.bulk != Config.model_fields["bulk"].default:
        lines.append(f"bulk: {config.bulk}")
    if config.authors != Config.model_fields["authors"].default:
        lines.append(f"authors: {config.authors}")
    return lines


def _site(config: Config) -> list[str]:
    """Return the lines of how the site is to look; none where nothing is said."""
    site = config.site
    told = [f"  {key}: {quoted(value)}" for key in ("url", "logo", "favicon") if (value := getattr(site, key))]
    if site.language != type(site).model_fields["language"].default:
        told.insert(0, f"  language: {quoted(site.language)}")
    if site.colours:
        told.append("  colours:")
        told += [f"    {name}: {quoted(colour)}" for name, colour in sorted(site.colours.items())]
    return ["site:", *told] if told else []


def _environment(environment: Environment) -> list[str]:
    parts = []
    if environment.path:
        parts.append(f"path: {_one_or_many(environment.path)}")
    if environment.reader != DEFAULT_READER:
        parts.append(f"reader: {quoted(environment.reader)}")
    keys = ("ref", "tags", "pin", "pin_key", "environment", "cluster", "upstream")
    parts += [f"{key}: {quoted(value)}" for key in keys if (value := getattr(environment, key))]
    if environment.production:
        parts.append("production: true")
    return parts


def _source(source: ModelSource) -> list[str]:
    lines = [f"  - {quoted(source.reader)}: {_one_or_many(source.templates)}"]
    if source.values:
        lines.append(f"    values: {_one_or_many(source.values)}")
    if source.components:
        lines.append(f"    components: {quoted(source.components)}  # each entry below it is a component")
    if source.artifact:
        lines.append(f"    artifact: {_one_or_many(source.artifact)}  # where the artifact is named")
    if source.settings and (source.settings != DEFAULT_SETTINGS or source.reader != "explicit"):
        lines.append(f"    settings: {quoted(source.settings)}")
    return lines


def _rule(rule: IgnoreRule) -> list[str]:
    keys = {"component": "*", "field": "", "environment": "*"}
    told = [f"{key}: {quoted(getattr(rule, key))}" for key, default in keys.items() if getattr(rule, key) != default]
    return [*told, f"reason: {quoted(rule.reason)}"]


def _one_or_many(values: Iterable[str]) -> str:
    texts = [quoted(value) for value in values]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def quoted(text: str) -> str:
    """Return `text` as a YAML scalar that means just that text, plain where it can be."""
    if _PLAIN.fullmatch(text) and text not in _NULLS:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"
