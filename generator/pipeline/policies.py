"""The repository's own policies, as the newest commit has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.policies.rules import Policies
from generator.config.globs import matches

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from generator.config.schema import Config
    from generator.errors import Unreadable
    from generator.history.repository import Repository


def policies_of(
    repository: Repository, commit: str, config: Config
) -> tuple[AbstractContextManager[Policies], tuple[Unreadable, ...]]:
    """Return the policies that `config` names, to use as a context manager, and which files could not be had."""
    found: list[tuple[str, bytes]] = []
    lost: list[Unreadable] = []
    if config.policies:
        files = repository.files(commit)
        with repository.blobs() as blobs:
            for path in sorted(files):
                content = blobs.get(files[path], path) if matches(config.policies, path) else None
                if isinstance(content, bytes):
                    found.append((path, content))
                elif content is not None:
                    lost.append(content)
    return Policies(found), tuple(lost)
