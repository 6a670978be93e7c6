"""Layouts of Helm charts: in folders called like environments, or with values for each environment elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_word, rank
from generator.config.findings import Confidence, Found, in_model, listed
from generator.config.layouts.refs import assumed_environment
from generator.config.layouts.shapes import best_shapes, environments_of
from generator.config.layouts.values import template_groups
from generator.config.looking import CHART, folder_of, is_manifest, join, name_of
from generator.config.schema import ModelSource
from generator.documents.tree import Mapping, items, text

if TYPE_CHECKING:
    from generator.config.looking import Looker


def charts_of(looker: Looker) -> list[str]:
    """Return the folders of charts that are no part of another chart."""
    return [
        chart
        for chart in sorted(looker.charts)
        if not any(chart.startswith(join(other, "charts/")) for other in looker.charts)
    ]


def unresolved(looker: Looker, chart: str) -> str:
    """Return a sentence about a dependency of a chart that isn't in the repository; empty where all are."""
    for root in looker.documents(join(chart, CHART)) if chart in looker.charts else ():
        for item in items(root, "dependencies"):
            name, repository = text(item, "name"), text(item, "repository")
            within = join(chart, f"charts/{name}")
            here = looker.has_below(f"{within}/") or looker.has_below(f"{within}-")
            if repository and not repository.startswith("file://") and not here:
                shown = chart or "."
                return f"The chart `{shown}` needs `{name}`, which isn't in the repository: its values are compared."
    return ""


def find_charts(looker: Looker) -> Found | None:
    """Return the environments that folders of charts are called by, or the files of values for the charts."""
    charts = charts_of(looker)
    shapes = best_shapes(chart for chart in charts if chart)
    if shapes:
        environments, model = environments_of(shapes, "helm")
        reasons = (f"{listed(sorted(shapes[0].members.values()))} are charts in folders called like environments.",)
        certain = shapes[0].to_production and shapes[0].shared > 1
        return Found(environments, reasons, "sure" if certain else "likely", model, "Helm charts")
    return _values_of_many(looker, charts) or _values_of_one(looker, charts)


def _values_of_many(looker: Looker, charts: list[str]) -> Found | None:
    """Return environments where a file of values for each chart and environment is called by both."""
    parents = {folder_of(chart) for chart in charts}
    if len(charts) < 2 or len(parents) != 1 or not min(parents):  # noqa: PLR2004 - one chart is looked at otherwise
        return None
    names = {name_of(chart) for chart in charts}
    for template, members in sorted(template_groups(looker.paths).items(), key=lambda t: (-len(t[1]), t[0])):
        held = {component for _, component in members}
        stages = {environment for environment, _ in members}
        inside = any(path.startswith(tuple(f"{chart}/" for chart in charts)) for path in members.values())
        if held <= names and len(stages) > 1 and not inside and name_of(template) != CHART:
            return _found(f"{min(parents)}/{{component}}", template, sorted(stages), len(held))
    return None


def _values_of_one(looker: Looker, charts: list[str]) -> Found | None:
    """Return environments where the only chart of the repository has files of values outside of it."""
    if len(charts) != 1:
        return None
    groups: dict[str, dict[str, str]] = {}
    for path in looker.paths:
        if path.endswith((".yaml", ".yml")) and not path.startswith(join(charts[0], "templates/")):
            for word, template in _readings(path):
                groups.setdefault(template, {})[word] = path
    for template, files in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        if len(files) > 1 and all(_is_values(looker, path) for path in files.values()):
            return _found(charts[0] or ".", template, in_order(files), 1)
    return None


def _readings(path: str) -> list[tuple[str, str]]:
    folder, name = folder_of(path), name_of(path)
    stem, dot, suffix = name.partition(".")
    found = []
    if is_word(stem):
        found.append((stem, join(folder, f"{{environment}}{dot}{suffix}")))
    if stem.startswith("values") and is_word(stem.removeprefix("values")[1:]):
        found.append((stem.removeprefix("values")[1:], join(folder, f"{stem[:7]}{{environment}}{dot}{suffix}")))
    if stem == "values" and is_word(name_of(folder)):
        found.append((name_of(folder), join(folder_of(folder), f"{{environment}}/{name}")))
    return found


def _is_values(looker: Looker, path: str) -> bool:
    roots = looker.documents(path)
    return path in looker.failed or all(isinstance(root, Mapping) and not is_manifest(root) for root in roots)


def _found(chart: str, values: str, stages: list[str], charts: int) -> Found:
    names = in_order(stages)
    counted = "a chart" if charts == 1 else f"{charts} charts"
    reason = f"`{values}` fits files of values for {counted} (`{chart}`) in {listed(names)}."
    confidence: Confidence = "sure" if any(rank(name) == PRODUCTION_RANK for name in names) else "likely"
    source = ModelSource(reader="helm", templates=(chart,), values=(values,))
    return Found(in_model(names), (reason,), confidence, (source,), "Helm charts")


def find_single_chart(looker: Looker) -> Found | None:
    """Return one environment, `production`, where there is one chart and nothing tells environments."""
    charts = charts_of(looker)
    if len(charts) != 1:
        return None
    path = charts[0] or "."
    reasons = [f"`{path}` is the only chart."]
    if unresolved(looker, charts[0]):
        reasons.append("A chart that it needs isn't in the repository, so it can be rendered only where that is added.")
    reasons.append("Nothing is called like an environment; the only one is taken to be `production`.")
    return Found(assumed_environment(path, "helm"), tuple(reasons), "guess", what="a Helm chart", assumed=True)
