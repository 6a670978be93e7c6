"""The layout of the explicit model: `model.yaml` with `components`, and a file of settings for each environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.environment_words import in_order, rank
from generator.config.findings import Found, in_model, listed
from generator.config.looking import folder_of, is_name, name_of
from generator.config.schema import ModelSource
from generator.documents.tree import Mapping, find

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config.findings import Confidence
    from generator.config.looking import Looker

_MODELS = ("model.yaml", "model.yml")
_MOST_MODELS = 10


def find_explicit_model(looker: Looker) -> Found | None:
    """Return the environments that an explicit model names by files beside it."""
    candidates = [path for path in looker.paths if name_of(path) in _MODELS]
    for path in sorted(candidates, key=lambda path: (path.count("/"), path))[:_MOST_MODELS]:
        roots = looker.documents(path)
        if not roots or not isinstance(find(roots[0], "components"), Mapping):
            continue
        folder = f"{folder_of(path)}/environments/".lstrip("/")
        for suffix in (".yaml", ".yml"):
            present = _names(looker.paths, folder, suffix)
            if present:
                return _found(path, folder, suffix, present, _names(looker.former, folder, suffix) - present)
    return None


def _names(paths: Iterable[str], folder: str, suffix: str) -> set[str]:
    inner = {path[len(folder) : -len(suffix)] for path in paths if path.startswith(folder) and path.endswith(suffix)}
    return {name for name in inner if is_name(name)}


def _found(path: str, folder: str, suffix: str, present: set[str], gone: set[str]) -> Found:
    reasons = [
        f"`{path}` holds a mapping `components`: an explicit model.",
        f"`{folder}` holds the settings of {listed(in_order(present))}.",
    ]
    if gone:
        reasons.append(f"It held those of {listed(in_order(gone))} earlier in the history.")
    names = in_order(present | gone)
    unknown = [name for name in names if rank(name) is None]
    if unknown:
        reasons.append(f"Nothing tells where {listed(unknown)} comes from: `upstream` is left to be written.")
    source = ModelSource(reader="explicit", templates=(path,), settings=f"environments/{{environment}}{suffix}")
    confidence: Confidence = "likely" if unknown or gone else "sure"
    return Found(in_model(names), tuple(reasons), confidence, (source,), "an explicit model")
