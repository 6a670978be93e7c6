"""Detection of a layout where no `assay.yaml` says it: from the paths of the newest commit and a look at some files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, rank, upstreams
from generator.config.explicit_layout import find_explicit_model
from generator.config.findings import Confidence, Found, listed
from generator.config.looking import KUSTOMIZATIONS, Looker
from generator.config.manifest_layouts import find_environment_folders, find_single_environment
from generator.config.schema import MOST_ENVIRONMENTS, Config, Environment
from generator.config.values_layout import find_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOKED_FOR = (
    "Looked for an explicit model: `model.yaml` with `components`, beside a folder `environments`.",
    "Looked for folders called like environments (`staging`, `production`) that hold plain Kubernetes manifests.",
    "Looked for values files by environment and component that name an image tag.",
    "Looked for plain Kubernetes manifests in `release`, `kubernetes-manifests`, `k8s`, `manifests` and the like.",
)
_COMPOSE = frozenset({"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"})
_NOT_RENDERED = (
    ("kustomizations", KUSTOMIZATIONS),
    ("Helm charts", frozenset({"Chart.yaml"})),
    ("helmfiles", frozenset({"helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl", "helmfile.d"})),
    ("compose files", _COMPOSE),
)


@dataclass(frozen=True, slots=True)
class Detected:
    """A layout that was found, or why none was."""

    config: Config | None
    """`None` where no layout fits."""
    reasons: tuple[str, ...]
    """Sentences: what was seen, or what was looked for."""
    confidence: Confidence
    """How far the layout can be trusted: everything seen fits, most of it does, or it is only the best guess."""


def detect(paths: Sequence[str], read: Callable[[str], bytes], former_paths: Sequence[str] = ()) -> Detected:
    """Return the layout of a repository whose newest commit has the files `paths`.

    `read` returns the content of one of `paths` and raises AssayError where it can't; it is called for 200 files at
    most. `former_paths` are those of earlier commits: an environment that was removed is found by them.
    """
    looker = Looker(paths, former_paths, read)
    found = _explicit(looker) or find_environment_folders(looker) or find_values(looker)
    found = found or find_single_environment(looker)
    if found is None:
        return Detected(None, (*_LOOKED_FOR, *_not_rendered(looker)), "guess")
    if len(found.environments) > MOST_ENVIRONMENTS:
        reason = f"These are {len(found.environments)} environments, more than the {MOST_ENVIRONMENTS} of one site."
        return Detected(None, (*found.reasons, reason), "guess")
    return _detected(found)


def _explicit(looker: Looker) -> Found | None:
    """Return the explicit model, together with the folders of manifests of the same environments."""
    explicit = find_explicit_model(looker)
    if explicit is None:
        return None
    folders = find_environment_folders(looker)
    if folders is None or not explicit.environments.keys() & folders.environments.keys():
        return explicit
    environments = {**explicit.environments, **folders.environments}
    confidence = explicit.confidence if explicit.confidence == folders.confidence else "likely"
    return Found(environments, explicit.reasons + folders.reasons, confidence, explicit.model)


def _detected(found: Found) -> Detected:
    chain = upstreams(found.environments)
    environments = {
        name: Environment(
            path=(found.environments[name],) if found.environments[name] else (),
            upstream=chain[name],
            production=rank(name) == PRODUCTION_RANK,
        )
        for name in in_order(found.environments)
    }
    config = Config(environments=environments, model=found.model)
    reasons = list(found.reasons)
    if any(chain.values()):
        reasons.append(f"The order of promotion is told by the words: {' → '.join(environments)}.")
    production = [name for name, environment in config.environments.items() if environment.production]
    if len(environments) > 1:
        reasons.append(f"{listed(production)} {'is' if len(production) == 1 else 'are'} taken as production.")
    return Detected(config, tuple(reasons), found.confidence)


def _not_rendered(looker: Looker) -> list[str]:
    """Return sentences about files of layouts that have to be rendered first."""
    sentences = []
    for what, names in _NOT_RENDERED:
        held = [path for path in looker.paths if not names.isdisjoint(path.split("/"))]
        if held:
            seen = f"`{held[0]}`" + (f" and {len(held) - 1} more" if len(held) > 1 else "")
            sentences.append(f"Found {what} ({seen}); rendering them is not part of this version.")
    if looker.failed:
        sentences.append(f"Could not read {listed(looker.failed, 1)}.")
    return sentences
