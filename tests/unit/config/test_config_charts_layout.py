from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.detection import detect

if TYPE_CHECKING:
    from generator.config.detection import Detected

CHART = "name: x\nversion: '1'"


def look(**files: str) -> Detected:
    found = detect(list(files), lambda path: files[path].encode())
    assert found.config is not None, found.reasons
    return found


def told(found: Detected) -> tuple[str, str, tuple[str, ...]]:
    assert found.config is not None
    (source,) = found.config.model
    return source.reader, source.template, source.values


def test_charts_in_folders_called_like_environments() -> None:
    found = look(**{f"envs/{e}/{c}/Chart.yaml": CHART for e in ("staging", "prod") for c in ("api", "web")})
    assert told(found) == ("helm", "envs/{environment}/{component}", ())
    assert found.confidence == "sure"


def test_a_chart_with_values_elsewhere() -> None:
    files = {"charts/shop/Chart.yaml": CHART, "charts/shop/values.yaml": "a: b"}
    values = {f"environments/{e}/values.yaml": "replicas: 2" for e in ("staging", "prod")}
    assert told(look(**files, **values)) == ("helm", "charts/shop", ("environments/{environment}/values.yaml",))
    values = {f"values/{e}.yaml": "replicas: 2" for e in ("staging", "prod")}
    assert told(look(**files, **values)) == ("helm", "charts/shop", ("values/{environment}.yaml",))


def test_a_chart_at_the_top() -> None:
    files = {"Chart.yaml": CHART, "values.yaml": "a: b", "templates/x.yaml": "", "templates/prod.yaml": "kind: {{ x }}"}
    values = {f"values-{e}.yaml": "replicas: 2" for e in ("staging", "prod")}
    assert told(look(**files, **values)) == ("helm", ".", ("values-{environment}.yaml",))


def test_values_called_by_chart_and_environment() -> None:
    files = {f"charts/{c}/Chart.yaml": CHART for c in ("api", "web")}
    values = {f"values/{e}/{c}.yaml": "replicas: 2" for e in ("staging", "prod") for c in ("api", "web")}
    assert told(look(**files, **values)) == (
        "helm",
        "charts/{component}",
        ("values/{environment}/{component}.yaml",),
    )


def test_a_single_chart_is_a_guess() -> None:
    files = {"deploy/Chart.yaml": CHART, "deploy/charts/part/Chart.yaml": CHART, "deploy/templates/a.yaml": "{{ x }}"}
    found = look(**files)
    assert found.config is not None
    (environment,) = found.config.environments.values()
    assert (environment.path, environment.reader, found.confidence) == (("deploy",), "helm", "guess")
    needs = f"{CHART}\ndependencies: [{{name: a, repository: 'oci://charts.example.org'}}]"
    assert "only where that is added" in " ".join(look(**files | {"deploy/Chart.yaml": needs}).reasons)
