"""Detection of a layout where no `assay.yaml` says it: from the paths of the newest commit and a look at some files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, rank, upstreams
from generator.config.findings import SURENESS, Confidence, Found, listed
from generator.config.layouts.charts import find_charts, find_single_chart
from generator.config.layouts.compose import COMPOSE, find_compose, find_single_compose
from generator.config.layouts.declared import declared_places
from generator.config.layouts.explicit import find_explicit_model
from generator.config.layouts.former import with_former_places
from generator.config.layouts.kustomize import find_kustomize, find_single_kustomization
from generator.config.layouts.layers import find_layers
from generator.config.layouts.manifests import find_environment_folders, find_single_environment
from generator.config.layouts.pins import pinned_by_argo, with_pins
from generator.config.layouts.provided import provided_files
from generator.config.layouts.refs import environment_branches, release_pattern, with_branches, with_tags
from generator.config.layouts.terraform import find_terraform, find_tosca, find_variables
from generator.config.layouts.values import find_values
from generator.config.layouts.versions import find_versions
from generator.config.looking import CHART, KUSTOMIZATIONS, Looker
from generator.config.schema import MOST_ENVIRONMENTS, Config, Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from generator.config.layouts.declared import Declared

_LOOKED_FOR = (
    "Looked for an explicit model: `model.yaml` with `components`, beside a folder `environments`.",
    "Looked for folders called like environments, with manifests, kustomizations, charts, compose files or Terraform.",
    "Looked for values, compose files or TOSCA templates called like environments, alone or over a common file.",
    "Looked for one place: manifests in `release`, `k8s` and the like, one kustomization, one chart, one compose file.",
)
_PARTS = (
    ("kustomizations", KUSTOMIZATIONS),
    ("Helm charts", frozenset({CHART})),
    ("helmfiles", frozenset({"helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl", "helmfile.d"})),
    ("compose files", frozenset(COMPOSE)),
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


def detect(
    paths: Sequence[str],
    read: Callable[[str], bytes],
    former_paths: Sequence[str] = (),
    branches: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> Detected:
    """Return the layout of a repository whose newest commit has the files `paths`.

    `read` returns the content of one of `paths` and raises AssayError where it can't; it is called for 200 files at
    most. `former_paths` are those of earlier commits: an environment that was removed or renamed is found by them.
    `branches` and `tags` are the names without `refs/heads/` and `refs/tags/`: environments and releases may be told by
    them.
    """
    looker = Looker(paths, former_paths, read)
    declared = declared_places(looker)
    found = pinned_by_argo(looker, declared, branches, tags) or _explicit(looker) or _by_files(looker, declared)
    if found is None:
        return Detected(None, (*_LOOKED_FOR, *_seen(looker, branches, tags)), "guess")
    found = with_tags(with_branches(with_pins(found, looker, tags), branches), tags)
    if len(found.environments) > MOST_ENVIRONMENTS:
        reason = f"These are {len(found.environments)} environments, more than the {MOST_ENVIRONMENTS} of one site."
        return Detected(None, (*found.reasons, reason), "guess")
    environments, renamed = with_former_places(looker, found.environments)
    provided, missing = provided_files(looker, _kustomized(looker, found))
    reasons = (*found.reasons, *renamed, *missing, *_unread(looker))
    return _detected(replace(found, environments=environments, reasons=reasons), provided)


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
    ordered = {name: environments[name] for name in in_order(environments)}
    return Found(ordered, explicit.reasons + folders.reasons, confidence, explicit.model)


def _by_files(looker: Looker, declared: Sequence[Declared]) -> Found | None:
    """Return the surest layout that the files tell; of those that are as sure, the one that is looked for first."""
    every = [
        find_kustomize(looker, declared),
        find_environment_folders(looker),
        find_versions(looker),
        find_layers(looker),
        find_charts(looker),
        find_values(looker),
        find_compose(looker),
        find_tosca(looker),
        find_terraform(looker),
        find_variables(looker),
    ]
    found = sorted((one for one in every if one), key=lambda one: SURENESS.index(one.confidence))
    if found:
        return _with_others(found[0], found[1:])
    single = [find_single_environment, find_single_kustomization, find_single_compose, find_single_chart]
    alone = [one for look in single if (one := look(looker))]
    return _with_others(alone[0], alone[1:]) if alone else None


def _with_others(found: Found, others: Sequence[Found]) -> Found:
    """Return `found` with a sentence about what was seen beside it and not taken."""
    beside = sorted({other.what for other in others} - {found.what, ""})
    if not beside:
        return found
    reason = f"Also seen, and not taken: {', '.join(beside)}."
    # What is assumed stays the last thing said: pins and branches replace it.
    last = found.reasons[-1:] if found.assumed else ()
    first = found.reasons[: len(found.reasons) - len(last)]
    return replace(found, reasons=(*first, reason, *last))


def _kustomized(looker: Looker, found: Found) -> list[str]:
    """Return the folders whose kustomizations are rendered for the environments of `found`."""
    paths = [p for e in found.environments.values() if e.reader == "kustomize" for p in e.path]
    templates = [source.compiled() for source in found.model if source.reader == "kustomize"]
    by_template = (folder for folder in looker.kustomized if any(template.match(folder) for template in templates))
    return sorted({"" if path == "." else path for path in paths} | set(by_template))


def _detected(found: Found, provided: tuple[str, ...]) -> Detected:
    environments = _promoted(found.environments)
    config = Config(environments=environments, model=found.model, provided=provided)
    reasons = list(found.reasons)
    if any(environment.upstream for environment in environments.values()):
        reasons.append(f"The order of promotion is told by the words: {_chains(environments)}.")
    production = [name for name, environment in config.environments.items() if environment.production]
    if len(environments) > 1:
        reasons.append(f"{listed(production)} {'is' if len(production) == 1 else 'are'} taken as production.")
    return Detected(config, tuple(reasons), found.confidence)


def _promoted(environments: Mapping[str, Environment]) -> dict[str, Environment]:
    """Return environments with their upstreams and what is production: as found, else as the words tell."""
    if any(environment.upstream or environment.production for environment in environments.values()):
        return dict(environments)
    chain = upstreams(environments)
    return {
        name: environments[name].model_copy(
            update={"upstream": chain[name], "production": rank(name) == PRODUCTION_RANK}
        )
        for name in in_order(environments)
    }


def _chains(environments: Mapping[str, Environment]) -> str:
    """Return the order of promotion in a row, environments with the same upstream together."""
    steps: dict[str, list[str]] = {}
    for name, environment in environments.items():
        steps.setdefault(environment.upstream, []).append(name)
    return " → ".join(", ".join(names) for names in steps.values())


def _seen(looker: Looker, branches: Sequence[str], tags: Sequence[str]) -> list[str]:
    """Return sentences about what is there though it makes no layout."""
    sentences = []
    for what, names in _PARTS:
        held = [path for path in looker.paths if not names.isdisjoint(path.split("/"))]
        if held:
            seen = f"`{held[0]}`" + (f" and {len(held) - 1} more" if len(held) > 1 else "")
            sentences.append(f"Saw {what} ({seen}), but nothing that tells which environment each belongs to.")
    if named := environment_branches(branches):
        sentences.append(f"Saw the branches {listed(list(named.values()))}, but no files to read in them.")
    pattern, count = release_pattern(tags)
    if pattern:
        sentences.append(f"Saw {count} tags like versions (`{pattern}`), but no files to read in them.")
    if not sentences:
        count = len(looker.paths)
        sentences.append(f"Saw {count} other {'file' if count == 1 else 'files'}.")
    return [*sentences, *_unread(looker)]


def _unread(looker: Looker) -> list[str]:
    if not looker.failed:
        return []
    first = min(looker.failed)
    more = f", nor {len(looker.failed) - 1} more" if len(looker.failed) > 1 else ""
    return [f"Could not read `{first}` ({looker.failed[first]}){more}; the layout is told without."]
