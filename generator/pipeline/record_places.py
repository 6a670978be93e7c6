"""Environments of records: as written, to the names of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from generator.config.schema import Config
    from generator.events.entries import Records

EVERYWHERE = "*"
"""Environment of a record that is of all of them."""
_Placed = TypeVar("_Placed", bound=msgspec.Struct)


def placed(records: Records, config: Config) -> Records:
    """Return records with environments as the configuration calls them; what is unknown stays as written.

    A record may call an environment by its name, or as path templates call it (`environment:` of it) where that is
    said of one alone.
    """
    called: dict[str, set[str]] = {}
    for name, environment in config.environments.items():
        if environment.environment and environment.environment not in config.environments:
            called.setdefault(environment.environment, set()).add(name)
    names = {word: next(iter(found)) for word, found in called.items() if len(found) == 1}
    if not names:
        return records

    def renamed(one: _Placed) -> _Placed:
        name = names.get(getattr(one, "environment", ""))
        return one if name is None else msgspec.structs.replace(one, environment=name)

    sections = {name: tuple([renamed(one) for one in getattr(records, name)]) for name in records.__struct_fields__}
    return msgspec.structs.replace(records, **sections)
