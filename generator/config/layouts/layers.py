"""Layouts of values in layers: a common file, and one for each environment that is laid over it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_site, is_word, rank
from generator.config.findings import SINGLE, Confidence, Found, listed
from generator.config.layouts.artifacts import is_telling, layered_artifact_keys, spread
from generator.config.layouts.charts import unresolved
from generator.config.layouts.values import template_groups
from generator.config.looking import folder_of, is_name, join, name_of
from generator.config.schema import Environment, ModelSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config.looking import Looker

_BASES = ("values", "common", "base", "default", "defaults", "global", "shared")
_OVER = re.compile(r"(?P<before>values[-._])(?P<word>[^.]+)(?P<after>\.ya?ml)")
_PLAIN = re.compile(r"(?P<before>)(?P<word>[^.]+)(?P<after>\.ya?ml)")
_NO_COMPONENT = frozenset({"chart", "config", "configs", "deploy", "env", "envs", "environments", "helm", "values"})
_SECRETS = ("secrets-{}.yaml", "secrets.{}.yaml", "secrets/{}.yaml", "../secrets/{}.yaml")
_NO_SITES = frozenset(
    {"canary", "debug", "example", "extra", "ingress", "local", "main", "migration", "override", "resources", "schema"}
    | {"secret", "secrets", "test"}
)
"""Words beside `values` that say what a file is about, never where it is deployed."""
_LEAST_SHARE = 1 / 3
_LEAST_SHARE_OF_SITES = 1 / 2
_LEAST_SITES = 3
_LEAST_FORMER = 3


@dataclass(slots=True)
class Stack:
    """Common files and the files over them, of one pair of path templates."""

    base: str
    over: str
    bases: dict[str, str] = field(default_factory=dict)
    """Component → path of its common file."""
    overs: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """What stands for the environment → component → path."""

    def most(self) -> int:
        """Return the number of components that the word of an environment with most of them has."""
        return max((len(held) for word, held in self.overs.items() if is_word(word)), default=0)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the names of the files over a common one, as environments."""

    stages: tuple[str, ...]
    """Environments in the order of promotion."""
    sites: tuple[str, ...]
    """Production sites, each an environment."""
    rare: tuple[str, ...]
    """Words of environments that too few components have."""


def find_layers(looker: Looker) -> Found | None:
    """Return the environments whose files are laid over a common one in most folders."""
    stacks = [stack for stack in _stacks(looker).values() if stack.most()]
    for stack in sorted(stacks, key=_order)[:3]:
        words = _words(stack)
        if words.stages and (len(words.stages) > 1 or words.sites or len(stack.bases) > 1 or _is_chart(looker, stack)):
            return _found(looker, stack, words)
    return None


def _order(stack: Stack) -> tuple[object, ...]:
    overs = sum(len(held) for word, held in stack.overs.items() if is_word(word))
    base = _BASES.index(name_of(stack.base).partition(".")[0])
    generic = min(stack.bases) in _NO_COMPONENT and len(stack.bases) == 1
    return -overs, generic, base, -stack.base.find("{component}"), stack.base, stack.over


def _stacks(looker: Looker) -> dict[tuple[str, str], Stack]:
    files: dict[str, dict[str, str]] = defaultdict(dict)
    for path in looker.paths:
        if path.endswith((".yaml", ".yml")) and folder_of(path):
            files[folder_of(path)][name_of(path)] = path
    found: dict[tuple[str, str], Stack] = {}
    for folder, held in sorted(files.items()):
        bases = [name for name in sorted(held) if name.partition(".")[0] in _BASES and name.count(".") == 1]
        for base in bases:
            for name, path in held.items():
                match = _OVER.fullmatch(name) or _PLAIN.fullmatch(name)
                if not match or name == base or not (match["before"] or _stands_for_environment(match["word"])):
                    continue
                over = f"{match['before']}{{environment}}{match['after']}"
                for template, component in _components(folder):
                    stack = found.setdefault(
                        (join(template, base), over), Stack(join(template, base), join(template, over))
                    )
                    stack.bases[component] = held[base]
                    stack.overs[match["word"]][component] = path
    return found


def _stands_for_environment(word: str) -> bool:
    return is_word(word) or is_site(word)


def _components(folder: str) -> Iterator[tuple[str, str]]:
    parts = folder.split("/")
    for place, part in enumerate(parts):
        yield "/".join([*parts[:place], "{component}", *parts[place + 1 :]]), part


def _words(stack: Stack) -> Words:
    """Return which words are environments: those of enough components; names that go together in most are sites."""
    most = stack.most()
    counts = {word: len(held) for word, held in stack.overs.items() if is_name(word)}
    stages = [word for word in counts if is_word(word) and counts[word] >= _LEAST_SHARE * most]
    rare = [word for word in counts if is_word(word) and word not in stages]
    sites = [word for word in counts if is_site(word) and not is_word(word)]
    if not any(rank(word) == PRODUCTION_RANK for word in stages):
        usual = max(_LEAST_SHARE_OF_SITES * most, _LEAST_SITES)
        unknown = [word for word in counts if rank(word) is None and word not in _NO_SITES and counts[word] >= usual]
        sites += [word for word in unknown if word not in sites]
        # A name that goes with no other is a variant of something else, not a place.
        sites = [word for word in sites if any(_together(stack, word, other) for other in sites if other != word)]
    else:
        sites = []
    return Words(tuple(in_order(stages)), tuple(sorted(sites)), tuple(sorted(rare)))


def _together(stack: Stack, one: str, other: str) -> bool:
    first, second = stack.overs[one].keys(), stack.overs[other].keys()
    return 2 * len(first & second) >= len(first | second)


def _is_chart(looker: Looker, stack: Stack) -> bool:
    return all(folder_of(path) in looker.charts for path in stack.bases.values())


def _found(looker: Looker, stack: Stack, words: Words) -> Found:
    environments, confidence, reasons = _promotion(stack, words)
    shown = [word for word in [*words.stages, *words.sites] if word in stack.overs]
    counts = ", ".join(f"`{word}` in {len(stack.overs[word])}" for word in shown)
    reasons.insert(0, f"`{stack.over}` lies over `{stack.base}` in {len(stack.bases)} folders: {counts}.")
    if words.rare:
        reasons.append(f"{listed(words.rare)} {'stand' if len(words.rare) > 1 else 'stands'} in too few to count.")
    charts = [folder_of(path) for path in spread(sorted(stack.bases.values()))]
    missing = [text for chart in charts if (text := unresolved(looker, chart))]
    if _is_chart(looker, stack) and not missing:
        template = folder_of(stack.base)
        values = (stack.over,) if name_of(stack.base) == "values.yaml" else (stack.base, stack.over)
        source = ModelSource(reader="helm", templates=(template,), values=values)
        return Found(environments, (*reasons, "The folders are charts."), confidence, (source,), "Helm charts")
    reasons += missing[:1]
    layers = [stack.base, stack.over, *_secrets(looker, stack, words)]
    paths = [*stack.bases.values(), *(path for word in shown for path in stack.overs[word].values())]
    artifact = layered_artifact_keys(looker, paths)
    if artifact:
        reasons.append(f"The artifact stands under {listed(artifact)}.")
    else:
        reasons.append("No key that names an artifact was seen: `artifact` is left to be written.")
    if not any(is_telling(key) or key.endswith((".tag", ".version")) for key in artifact):
        confidence = "guess"
    sources = [ModelSource(reader="values", templates=tuple(layers), artifact=artifact)]
    if before := _former(looker, stack):
        reasons.append(f"`{before}` is where many of the components stood earlier in the history.")
        sources.append(ModelSource(reader="values", templates=(before,), artifact=artifact))
    return Found(environments, tuple(reasons), confidence, tuple(sources), "values in layers")


def _promotion(stack: Stack, words: Words) -> tuple[dict[str, Environment], Confidence, list[str]]:
    """Return the environments, how sure they are, and what is said of production."""
    environments = {word: Environment() for word in words.stages}
    if any(rank(word) == PRODUCTION_RANK for word in words.stages):
        return environments, "sure" if len(words.stages) > 1 else "likely", []
    last = words.stages[-1]
    if words.sites:
        before = ["", *words.stages]
        environments = {word: Environment(upstream=before[place]) for place, word in enumerate(words.stages)}
        environments |= {site: Environment(upstream=last, production=True) for site in words.sites}
        reason = f"{listed(words.sites)} go together beside `{last}`: taken as production sites that come from it."
        return environments, "likely", [reason]
    reason = f"Nothing is called production: `{stack.base}` alone is taken to be `{SINGLE}`."
    return {**environments, SINGLE: Environment()}, "guess", [reason]


def _secrets(looker: Looker, stack: Stack, words: Words) -> list[str]:
    """Return the template of files of secrets beside the layers, where most components have one."""
    present = set(looker.paths)
    for shape in _SECRETS:
        outside = shape.startswith("../")
        folder = folder_of(folder_of(stack.base)) if outside else folder_of(stack.base)
        template = join(folder, shape.removeprefix("../").format("{environment}"))
        held = [
            component
            for component in stack.bases
            for word in words.stages
            if template.replace("{component}", component).replace("{environment}", word) in present
        ]
        if 2 * len(held) > len(stack.bases) * len(words.stages):
            return [template]
    return []


def _former(looker: Looker, stack: Stack) -> str:
    """Return the template of files, one a component and environment, that the components of `stack` had before."""
    components = stack.bases.keys()
    likely: dict[str, int] = {}
    for template, members in template_groups(looker.former).items():
        held = {component for _, component in members}
        shared = len(held & components)
        if shared >= _LEAST_FORMER and 2 * shared > len(held) and name_of(template) == name_of(stack.base):
            likely[template] = shared
    return min(likely, key=lambda template: (-likely[template], template), default="")
