from __future__ import annotations

import pytest

from generator.config.loading import MOST_ERRORS, load_config
from generator.config.schema import BUILT_IN_READERS, Config, config_digest
from generator.errors import AssayError, ConfigErrors


def load(text: str, readers: frozenset[str] = BUILT_IN_READERS) -> Config:
    return load_config(text.encode(), "assay.yaml", readers)


def errors(text: str) -> tuple[AssayError, ...]:
    with pytest.raises(ConfigErrors) as caught:
        load(text)
    return caught.value.errors


def told(text: str) -> list[tuple[int, int, str]]:
    return [(e.place.line, e.place.column, e.reason) for e in errors(text)]


def test_an_example_with_paths() -> None:
    config = load(
        "title: Online shop\n"
        "environments:\n"
        "  staging:    {path: deploy/overlays/staging/}\n"
        "  production: {path: [deploy/production, old/production], upstream: staging, production: true}\n"
    )
    assert config.title == "Online shop"
    assert list(config.environments) == ["staging", "production"]
    assert config.environments["staging"].path == ("deploy/overlays/staging",)
    assert config.environments["production"].path == ("deploy/production", "old/production")
    assert config.environments["production"].upstream == "staging"
    assert config.environments["staging"].reader == "kubernetes"
    assert (config.ref, config.bulk, config.authors) == ("HEAD", 10, "names")


def test_an_example_with_a_model_and_names_alone() -> None:
    config = load(
        "environments:\n"
        "  integration:\n"
        "  staging: {upstream: integration}\n"
        "model:\n"
        "  - values: charts/{environment}/{component}\n"
        "    artifact: image.tag\n"
        "  - explicit: shop/model.yaml\n"
    )
    values, explicit = config.model
    assert (values.reader, values.template, values.artifact) == (
        "values",
        "charts/{environment}/{component}",
        ("image.tag",),
    )
    assert explicit.settings == "environments/{environment}.yaml"
    settings = explicit.compiled_settings()
    assert settings is not None
    assert settings.match("shop/environments/integration.yaml") == {"environment": "integration"}
    assert values.compiled_settings() is None


def test_the_last_of_each_chain_is_production_unless_one_says_so() -> None:
    chain = "environments: {a: {path: a}, b: {path: b, upstream: a}, c: {path: c, upstream: a}"
    assert [n for n, e in load(chain + "}").environments.items() if e.production] == ["b", "c"]
    said = load(chain + ", d: {path: d, production: true}}").environments
    assert [n for n, e in said.items() if e.production] == ["d"]


def test_text_stays_what_the_file_says() -> None:
    assert load("title: 1.10\nref: no\nenvironments: {a: {path: 010}}").model_dump(include={"title", "ref"}) == {
        "title": "1.10",
        "ref": "no",
    }


def test_every_error_is_told_at_once_with_line_and_column() -> None:
    found = told(
        "refs: main\n"
        "environments:\n"
        "  staging: {path: ../a, upstreem: dev}\n"
        "  production: {path: b, upstream: stagging, production: yes}\n"
        "bulk: 1\n"
    )
    assert [(line, column) for line, column, _ in found] == [(1, 1), (3, 19), (3, 25), (4, 35), (4, 57), (5, 7)]
    assert found[1][2] == "environments.staging.path: `../a` leads out of a folder by `..`"
    assert found[4][2] == "environments.production.production: `yes` is neither `true` nor `false`"


def test_a_near_miss_is_suggested() -> None:
    fixes = [
        e.fix for e in errors("environments: {staging: {path: a, upstreem: x}, prod: {path: b, upstream: stging}}")
    ]
    assert fixes == ["did you mean `upstream`?", "did you mean `staging`?"]


def test_the_second_of_two_equal_words_on_a_line_is_found() -> None:
    text = "environments: {a: {path: x, pat: 1}, b: {path: x, pat: 1}}"
    assert [column for _, column, _ in told(text)] == [text.index("pat:") + 1, text.rindex("pat:") + 1]


@pytest.mark.parametrize("path", ["/etc", "..", "a/../b", "''", "~/a", "C:\\a", '"a\\nb"'])
def test_a_path_outside_of_the_repository_is_refused(path: str) -> None:
    assert len(errors(f"environments: {{a: {{path: {path}}}}}")) == 1


@pytest.mark.parametrize("name", ["Prod", "-a", ".a", "a b", "a/b", "a" * 64, "é"])
def test_a_name_that_can_be_no_file_name_is_refused(name: str) -> None:
    (found,) = told(f'environments:\n  "{name}": {{path: a}}\n')
    assert found[0] == 2
    assert "no name for an environment" in found[2]


def test_circles_are_told_once_each() -> None:
    reasons = [
        r for *_, r in told("environments: {a: {path: a, upstream: b}, b: {path: b, upstream: a}, c: {path: c}}")
    ]
    assert reasons == ["environments.a.upstream: upstreams form a circle: a → b → a"]
    assert "a → a" in told("environments: {a: {path: a, upstream: a}}")[0][2]


@pytest.mark.parametrize("model", ["", "model:", "model: []"])
@pytest.mark.parametrize("settings", ["", "{}", "{path: }", "{path: []}"])
def test_an_environment_with_nothing_to_read_is_refused(settings: str, model: str) -> None:
    (found,) = told(f"environments:\n  a: {settings}\n{model}\n")
    assert found == (2, 3, "environments.a: nothing says what this environment consists of")


@pytest.mark.parametrize(("written", "what"), [("here/**", "one value"), ("{path: here}", "a mapping")])
def test_records_that_are_no_list(written: str, what: str) -> None:
    (found,) = told(f"environments: {{a: {{path: d}}}}\nrecords: {written}\n")
    assert found[2] == f"records: must be a list, each entry after `- `, and is {what}"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{value: x}", "model.0.value: `value` is neither a reader nor an option"),
        ("{artifact: x}", "model.0: names no reader"),
        ("{explicit: x, kubernetes: y}", "model.0: names 2 readers"),
        ('{values: "a/{component}"}', "model.0.values: tells no environment"),
        ('{values: "{environment}/{env}"}', "model.0.values: `{environment}/{env}`: {env} is no placeholder"),
        ("{explicit: m, artifact: x}", "model.0.artifact: means nothing for `explicit`"),
        ('{values: "{environment}", settings: x}', "model.0.settings: means nothing for `values`"),
        ('{values: "{environment}", artifact: a..b}', "model.0.artifact: `a..b` is no key"),
        ('{explicit: m, settings: "../{environment}"}', "model.0.settings: `../{environment}` leads out"),
        ("text", "model.0: must be a mapping"),
        ("{explicit: {a: b}}", "model.0.explicit: must be a text or a list of texts, and is a mapping"),
    ],
)
def test_an_entry_of_the_model_at_fault(entry: str, reason: str) -> None:
    (found,) = told(f"environments: {{a: , b: {{upstream: a}}}}\nmodel:\n  - {entry}\n")
    assert found[0] == 3
    assert found[2].startswith(reason)


def test_readers_of_other_packages_are_known_by_name() -> None:
    text = "environments: {a: {path: x, reader: nomad}}\nmodel: [{nomad: jobs}]\n"
    config = load(text, BUILT_IN_READERS | {"nomad"})
    assert config.environments["a"].reader == config.model[0].reader == "nomad"
    assert [line for line, *_ in told(text)] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a\n---\nb\n",
        "- a\n",
        "a: [",
        "environments: []",
        "environments: {}",
        "title: x",
        "environments: {a: {path: x}, a: {path: y}}",
        "environments: {a: {path: {b: c}}}",
        "environments: {a: hello}",
        "environments: {a: {path: x}}\nbulk: [1]",
        "environments: {a: {path: x}}\nbulk: 1.5",
        "environments: {a: {path: x}}\nauthors: emails",
        "environments: {a: {path: x}}\nref: ''",
        "environments: {a: {path: x}}\nunknown:",
        "environments: {a: {path: x, unknown: }}",
        "environments: {a: {path: x, reader: values}, b: {reader: values}}\nmodel: [{explicit: m}]",
        "x" * 300_000,
        "a: &a [*a]",
        "[" * 200,
    ],
)
def test_what_is_no_configuration_is_refused_with_a_reason(text: str) -> None:
    found = errors(text)
    assert len(found) == 1
    assert found[0].code == "config"
    assert found[0].reason


def test_text_in_another_encoding_is_placed() -> None:
    text = "title: ü\nenvironments: {a: {path: ..}}"
    with pytest.raises(ConfigErrors) as caught:
        load_config(text.encode("utf-16"), "assay.yaml", BUILT_IN_READERS)
    assert (caught.value.errors[0].place.line, caught.value.errors[0].place.column) == (2, 26)


def test_very_many_errors_are_counted() -> None:
    found = errors("environments: {a: {path: x}}\n" + "".join(f"k{n}: 1\n" for n in range(500)))
    assert len(found) == MOST_ERRORS + 1
    assert found[-1].reason == "400 more errors follow"


def test_more_than_can_be_meant_is_refused_with_the_limit() -> None:
    many = "".join(f"  e{n}: {{path: x}}\n" for n in range(201))
    assert told(f"environments:\n{many}")[0][2] == "environments: has more than 200 entries, the most that are taken"
    assert told("environments: {a: {path: x}}\nbulk: 1")[0][2] == "bulk: must be greater than or equal to 2"


def test_the_digest_tells_what_is_said_and_not_how() -> None:
    one = load("environments: {a: {path: x}, b: {path: y}}")
    same = load("# the same\nenvironments:\n  a:\n    path: [x/]\n  b: {path: ./y}\nbulk: 10\n")
    turned = load("environments: {b: {path: y}, a: {path: x}}")
    other = load("environments: {a: {path: x}, b: {path: y, production: true}}")
    assert config_digest(one) == config_digest(same)
    assert len({config_digest(one), config_digest(turned), config_digest(other)}) == 3
    assert len(config_digest(one)) == 64
