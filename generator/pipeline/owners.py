"""Who looks after what, as the newest commit tells it: its CODEOWNERS file, and the label that names a team."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, Unreadable
from generator.metrics.codeowners import CodeOwners, parse_codeowners
from generator.metrics.teams import LOOKED_FOR, Teams
from generator.pipeline.masking import prose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config.schema import Config
    from generator.history.blobs import Blobs

_NOTES = frozenset({"codeowners-line", "codeowners-missing"})


class Found(NamedTuple):
    """Who looks after what, and what of it could not be taken."""

    teams: Teams
    lost: tuple[Unreadable, ...] = ()
    """Why the whole file could not be read."""
    notes: tuple[Unreadable, ...] = ()
    """Lines that could not be taken, or that the configured file is not there."""


def teams_at(files: Mapping[str, str], config: Config, blobs: Blobs) -> Found:
    """Return who looks after what.

    `files` holds those of the newest commit, path → object id; a link is none of them, and is not followed.
    """
    owners, problems = _owners(files, config.metrics.teams.codeowners, blobs)
    noted = tuple(problem for problem in problems if problem.code in _NOTES)
    lost = tuple(problem for problem in problems if problem.code not in _NOTES)
    return Found(Teams(config.metrics.teams.label, owners, prose), lost, noted)


def _owners(files: Mapping[str, str], configured: str, blobs: Blobs) -> tuple[CodeOwners, tuple[Unreadable, ...]]:
    path = next((path for path in ((configured,) if configured else LOOKED_FOR) if path in files), "")
    if not path:
        reason = "`metrics.teams.codeowners` names no file of the newest commit"
        missing = Unreadable("codeowners-missing", reason, Place(configured), "check the path")
        return CodeOwners(), (missing,) if configured else ()
    content = blobs.get(files[path], path)
    if isinstance(content, Unreadable):
        return CodeOwners(), (content,)
    return parse_codeowners(content, path)
