from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config.path_templates import compile_template


def test_a_placeholder_stands_for_a_part_of_one_segment() -> None:
    template = compile_template("charts/tags/{environment}/{component}")
    assert template.match("charts/tags/staging/app-01") == {"environment": "staging", "component": "app-01"}
    assert template.match("charts/tags/staging/app/01") is None
    assert template.match("charts/tags/staging/") is None
    assert template.match("x/charts/tags/staging/app") is None
    assert template.placeholders == {"environment", "component"}


def test_the_rest_is_taken_as_it_stands() -> None:
    template = compile_template("a+b/v1.0/{component}.yaml")
    assert template.match("a+b/v1.0/x.yaml") == {"component": "x"}
    assert template.match("aab/v1x0/xxyaml") is None


def test_a_repeated_placeholder_must_stand_for_the_same_text() -> None:
    template = compile_template("{component}/{environment}/{component}.yaml")
    assert template.match("api/prod/api.yaml") == {"component": "api", "environment": "prod"}
    assert template.match("api/prod/web.yaml") is None


def test_known_environments_tell_parts_of_one_segment_apart() -> None:
    template = compile_template("{component}-{environment}.yaml", ["production", "pre-production"])
    assert template.match("shop-api-pre-production.yaml") == {"component": "shop-api", "environment": "pre-production"}
    assert template.match("shop-api-production.yaml") == {"component": "shop-api", "environment": "production"}
    assert template.match("shop-api-staging.yaml") is None


def test_below_a_folder_of_the_template() -> None:
    template = compile_template("clusters/{environment}/apps")
    assert template.match_below("clusters/prod/apps/x/y.yaml") == {"environment": "prod"}
    assert template.match_below("clusters/prod/apps") == {"environment": "prod"}
    assert template.match_below("clusters/prod/apps2/x.yaml") is None
    assert template.match("clusters/prod/apps/x") is None


@pytest.mark.parametrize(
    ("text", "prefix", "pathspec"),
    [
        ("charts/tags/{environment}/{component}", "charts/tags", ":(glob)charts/tags/*/*"),
        ("{component}/values-{environment}.yaml", "", ":(glob)*/values-*.yaml"),
        ("a/values-{environment}.yaml", "a", ":(glob)a/values-*.yaml"),
        ("a/model.yaml", "a/model.yaml", ":(glob)a/model.yaml"),
        ("a[1]*?/{environment}", "a[1]*?", r":(glob)a\[1\]\*\?/*"),
    ],
)
def test_prefix_and_pathspec(text: str, prefix: str, pathspec: str) -> None:
    template = compile_template(text)
    assert (template.prefix, template.pathspec) == (prefix, pathspec)
    assert template.pathspec_below == f"{pathspec}/**"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{enviroment}/x", "did you mean `environment`?"),
        ("{}/x", "is no placeholder"),
        ("{environment/x", "a brace"),
        ("x}/{environment}", "a brace"),
        ("{environment}{component}", "nothing between"),
    ],
)
def test_what_is_no_template_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="placeholder") as caught:
        compile_template(text)
    assert reason in str(caught.value)


part = st.text(st.characters(exclude_characters="/{}", codec="utf-8"), min_size=1, max_size=8)


@given(part, part, part)
def test_what_is_filled_in_is_matched(environment: str, component: str, other: str) -> None:
    template = compile_template(f"{other}/{{environment}}/x/{{component}}.yaml")
    values = {"environment": environment, "component": component}
    assert template.match(template.fill(values)) == values
    assert template.match_below(template.fill(values) + "/below") == values
