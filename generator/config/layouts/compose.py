"""Layouts of Docker Compose: a file for each environment over a common one, a folder for each, or a single file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_word, rank
from generator.config.findings import Confidence, Found, in_model, listed
from generator.config.layouts.refs import assumed_environment
from generator.config.layouts.shapes import best_shapes, environments_of
from generator.config.looking import folder_of, join, name_of
from generator.config.schema import ModelSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config.looking import Looker

COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""Names that Compose looks for, the first one first."""
_NEAR_PRODUCTION = rank("qa") or 0
_OVER = re.compile(r"(?P<before>(?:docker-)?compose[.-])(?P<word>[^.]+)(?P<after>\.ya?ml)")


def find_compose(looker: Looker) -> Found | None:
    """Return the environments that compose files are called by, or that their folders are called by."""
    over: dict[tuple[str, str], dict[str, str]] = {}
    for path in looker.paths:
        found = _OVER.fullmatch(name_of(path))
        if found and is_word(found["word"]):
            template = f"{found['before']}{{environment}}{found['after']}"
            over.setdefault((folder_of(path), template), {})[found["word"]] = path
    for (folder, template), files in sorted(over.items(), key=lambda group: (-len(group[1]), group[0])):
        if _lead_to_production(files):
            return _layered(looker, folder, template, files)
    return _by_folder(looker)


def _lead_to_production(words: Iterable[str]) -> bool:
    """Return whether `words` name production, or several stages that reach close to it; tests alone are neither."""
    ranks = [found for word in words if (found := rank(word)) is not None]
    return max(ranks) == PRODUCTION_RANK or (len(ranks) > 1 and max(ranks) >= _NEAR_PRODUCTION)


def _layered(looker: Looker, folder: str, template: str, files: dict[str, str]) -> Found:
    base = [join(folder, name) for name in COMPOSE if join(folder, name) in looker.paths][:1]
    names = in_order(files)
    reasons = [f"{listed([files[name] for name in names])} are compose files called by environments."]
    if base:
        reasons.append(f"They are laid over `{base[0]}`.")
    if len(files) == 1:
        reasons = [f"`{files[names[0]]}` is a compose file called by an environment, the only one."]
        reasons += [f"It is laid over `{path}`, which alone is taken to be for development." for path in base]
    certain = len(files) > 1 and any(rank(name) == PRODUCTION_RANK for name in files)
    confidence: Confidence = "sure" if certain else "likely"
    source = ModelSource(reader="compose", templates=(*base, join(folder, template)))
    return Found(in_model(names), tuple(reasons), confidence, (source,), "compose files")


def _by_folder(looker: Looker) -> Found | None:
    shapes = best_shapes(path for path in looker.paths if name_of(path) in COMPOSE)
    if not shapes:
        return None
    environments, model = environments_of(shapes, "compose")
    reasons = (f"{listed(sorted(shapes[0].members.values()))} are compose files in folders called like environments.",)
    certain = shapes[0].to_production and shapes[0].shared > 1
    return Found(environments, reasons, "sure" if certain else "likely", model, "compose files")


def find_single_compose(looker: Looker) -> Found | None:
    """Return one environment, `production`, where there is one compose file, or one at the top."""
    files = sorted((path for path in looker.paths if name_of(path) in COMPOSE), key=lambda p: (p.count("/"), p))
    if not files or (len(files) > 1 and files[0].count("/") == files[1].count("/")):
        return None
    reasons = [f"`{files[0]}` is a compose file{', the outermost' if len(files) > 1 else ''}."]
    if join(folder_of(files[0]), ".env") in looker.paths:
        reasons.append("The `.env` beside it fills its variables.")
    reasons.append("Nothing is called like an environment; the only one is taken to be `production`.")
    environments = assumed_environment(files[0], "compose")
    return Found(environments, tuple(reasons), "guess", what="a compose file", assumed=True)
