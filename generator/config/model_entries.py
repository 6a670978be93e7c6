"""The entries of `model`: in the file the reader is a key, `values: charts/{environment}/{component}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.schema import BUILT_IN_READERS
from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from generator.config.positions import Location, Plain

OPTIONS = ("artifact", "components", "settings", "values")
"""Keys of an entry beside the reader."""
LAYERED = BUILT_IN_READERS & {"values", "compose"}
"""Readers that lay several files over one another."""
_MOST_ENTRIES = 101
_TELLING = ("{environment}", "{cluster}")
_FOR = {
    "artifact": frozenset({"helm", "terraform", "tosca", "values"}),
    "components": frozenset({"values"}),
    "settings": frozenset({"explicit"}),
    "values": frozenset({"helm", "terraform", "tosca"}),
}
"""The built-in readers that each option is for; readers of other packages may take any."""
BESIDE_VALUES = _FOR["values"]
"""Readers beside which `values` is an option and no reader."""
NEEDS_ENVIRONMENT = BUILT_IN_READERS - {"explicit"}
"""Readers whose template must tell the environment."""


@dataclass(frozen=True, slots=True)
class EntryFault:
    """One thing that is wrong with an entry."""

    location: Location
    reason: str
    fix: str
    at_key: bool = True


def model_entries(
    model: Plain, readers: frozenset[str], *, shared: bool = True
) -> tuple[list[dict[str, Plain]], list[EntryFault], list[str]]:
    """Return the entries as `ModelSource` takes them, what is wrong with them, and the key of each one's template.

    An entry at fault is left in with what can be told of it, so that places in the list stay what they are. `shared`
    says that several environments have one history, so that a template must tell them apart.
    """
    if model is None:
        return [], [], []
    if not isinstance(model, list):
        fault = EntryFault(("model",), "must be a list of entries", "start each entry with `- `", at_key=False)
        return [], [fault], []
    taken: list[dict[str, Plain]] = []
    faults: list[EntryFault] = []
    keys: list[str] = []
    for place, entry in enumerate(model[:_MOST_ENTRIES]):
        source, found, key = _entry(entry, ("model", place), readers, shared=shared)
        taken.append(source)
        faults.extend(found)
        keys.append(key)
    return taken, faults, keys


def _entry(
    entry: Plain, location: Location, readers: frozenset[str], *, shared: bool
) -> tuple[dict[str, Plain], list[EntryFault], str]:
    # What stands in for a template that can't be told, so that nothing more is said of it.
    unknown: dict[str, Plain] = {"reader": "", "templates": "."}
    if not isinstance(entry, dict):
        fault = EntryFault(location, "must be a mapping of `reader: template`", "", at_key=False)
        return unknown, [fault], ""
    strangers = [key for key in entry if key not in readers and key not in OPTIONS][:_MOST_ENTRIES]
    faults = [
        EntryFault((*location, key), f"`{key}` is neither a reader nor an option", fix)
        for key in strangers
        for fix in [suggestion(key, readers | set(OPTIONS), "known here")]
    ]
    named = [key for key in entry if key in readers]
    if not _FOR["values"].isdisjoint(named):
        named = [key for key in named if key != "values"]  # there an option: what is laid over the model's own
    if len(named) != 1:
        if not (strangers and not named):
            reason = f"names {len(named)} readers" if named else "names no reader"
            fix = f"exactly one of {', '.join(sorted(readers))} in each entry"
            faults.append(EntryFault(location, reason, fix, at_key=False))
        return unknown, faults, ""
    reader = named[0]
    faults += _option_faults(entry, reader, location, shared=shared)
    options = {key: entry[key] for key in OPTIONS if key != reader and entry.get(key) is not None}
    return {"reader": reader, "templates": entry[reader], **options}, faults, reader


def _option_faults(entry: dict[str, Plain], reader: str, location: Location, *, shared: bool) -> list[EntryFault]:
    faults = []
    given = entry[reader]
    templates = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    tells = any(mark in str(template) for template in [*templates, entry.get("values")] for mark in _TELLING)
    if shared and reader in NEEDS_ENVIRONMENT and templates and not tells:
        fix = "write {environment} where the name of the environment stands, or use the `path` of an environment"
        faults.append(EntryFault((*location, reader), "tells no environment", fix, at_key=False))
    if len(templates) > 1 and reader in BUILT_IN_READERS - LAYERED:
        fix = f"several entries of `{reader}`, or a reader with layers: {', '.join(sorted(LAYERED))}"
        faults.append(EntryFault((*location, reader), f"`{reader}` takes one template", fix))
    for option, owners in _FOR.items():
        if option in entry and option != reader and reader in BUILT_IN_READERS - owners:
            faults.append(EntryFault((*location, option), f"means nothing for `{reader}`", "leave it out"))
    return faults
