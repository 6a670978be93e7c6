"""The explicit model: what its files become, what is said of slips, and that its documentation is true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

import generator.readers
from generator.model.component import Aspect, Component, How, Port, Role
from generator.readers.explicit.reader import ExplicitReader
from generator.readers.explicit.shapes import schemas
from generator.readers.reader import Reading, SourceFile, Unit

if TYPE_CHECKING:
    from generator.errors import Unreadable

ROOT = Path(__file__).parents[3]
SCHEMAS = Path(generator.readers.__path__[0]) / "schemas"
MODEL = """\
assay: 1
components:
  checkout:
    team: payments
    artifact: repo/checkout
    ports: {http: 8080}
    replicas: 2
    settings: {LEVEL: info, DATABASE_URL: "postgres://shop-db:5432/orders"}
    connections: [shop-db, {to: gift-cards, port: http, optional: true}]
    uses: [cards, tls]
  shop-db: {kind: database}
resources:
  cards: {kind: external, host: api.cards.example.org, settings: {REGION: north}}
  tls: {kind: secret}
  unused: {kind: volume}
production_only:
  - {component: waf, reason: faces the internet, owner: platform}
  - {component: checkout, field: settings.LEVEL, reason: less noise}
  - {component: "*", field: replicas, reason: larger}
"""
PRODUCTION = """\
components:
  checkout:
    version: 1.10
    settings: {API_TOKEN: placeholder-abc}
    secrets: {KEY: placeholder-key}
  shop-db: {version: 16.4}
"""


def _mask(value: str) -> str:
    return f"masked({len(value)})"


def _read(model: str | None, environment: str | None) -> Reading:
    files = [
        SourceFile(path, content.encode())
        for path, content in (("platform/model.yaml", model), ("platform/environments/production.yaml", environment))
        if content is not None
    ]
    return ExplicitReader().read(Unit("production"), files, _mask)


def _by_id(reading: Reading) -> dict[str, Component]:
    return {item.id: item for item in reading.components}


def _fields(item: Component) -> dict[tuple[Aspect, str], tuple[str, int]]:
    return {(field.aspect, field.name): (field.value, field.line) for field in item.fields}


def _lines(found: tuple[Unreadable, ...]) -> list[tuple[int, str, str]]:
    return [(item.place.line, item.reason, item.fix) for item in found]


def test_an_environment_lays_its_settings_over_the_model() -> None:
    reading = _read(MODEL, PRODUCTION)
    assert not reading.problems
    assert not reading.notes
    checkout = _by_id(reading)["checkout"]
    assert _fields(checkout) == {
        (Aspect.ARTIFACT, "artifact"): ("repo/checkout:1.10", 3),
        (Aspect.SCALE, "replicas"): ("2", 0),
        (Aspect.CONFIG, "settings.LEVEL"): ("info", 0),
        (Aspect.CONFIG, "settings.DATABASE_URL"): ("postgres://shop-db:5432/orders", 0),
        (Aspect.SECRET, "settings.API_TOKEN"): ("masked(15)", 4),
        (Aspect.SECRET, "secrets.KEY"): ("masked(15)", 5),
        (Aspect.EXPOSURE, "ports.http"): ("8080", 0),
    }
    assert (checkout.role, checkout.kind, checkout.names) == (Role.COMPONENT, "service", ("checkout",))
    assert checkout.ports == (Port("http", "8080"),)
    assert (checkout.path, checkout.line) == ("platform/environments/production.yaml", 2)


def test_no_secret_is_left_anywhere() -> None:
    assert "placeholder" not in repr(_read(MODEL, PRODUCTION))


def test_connections_are_declared_and_addresses_inferred() -> None:
    found = {
        (r.role, r.target, r.how, r.field, r.port, r.optional)
        for r in _by_id(_read(MODEL, PRODUCTION))["checkout"].references
    }
    assert found == {
        (Role.COMPONENT, "shop-db", How.DECLARED, "connections", "", False),
        (Role.COMPONENT, "gift-cards", How.DECLARED, "connections", "http", True),
        (Role.COMPONENT, "shop-db", How.INFERRED, "settings.DATABASE_URL", "5432", False),
        (Role.EXTERNAL, "cards", How.DECLARED, "uses", "", False),
        (Role.SECRET, "tls", How.DECLARED, "uses", "", False),
    }


def test_a_setting_named_by_via_is_no_second_connection() -> None:
    named = MODEL.replace("[shop-db,", "[{to: shop-db, via: DATABASE_URL},")
    references = _by_id(_read(named, PRODUCTION))["checkout"].references
    assert [(r.how, r.field) for r in references if r.target == "shop-db"] == [(How.DECLARED, "settings.DATABASE_URL")]


def test_only_resources_that_are_used_belong_to_the_environment() -> None:
    assert sorted(_by_id(_read(MODEL, PRODUCTION))) == ["cards", "checkout", "shop-db", "tls"]
    assert sorted(_by_id(_read(MODEL, "components: {shop-db: {}}"))) == ["shop-db"]


def test_an_environment_may_move_a_resource() -> None:
    moved = PRODUCTION + "resources:\n  cards: {host: cards.example.net, settings: {REGION: south}}\n"
    cards = _by_id(_read(MODEL, moved))["cards"]
    assert cards.role is Role.EXTERNAL
    assert cards.names == ("cards", "cards.example.net")
    assert _fields(cards) == {
        (Aspect.CONFIG, "host"): ("cards.example.net", 8),
        (Aspect.CONFIG, "settings.REGION"): ("south", 8),
    }


def test_a_setting_without_a_value_takes_the_default_away() -> None:
    checkout = _by_id(_read(MODEL, "components: {checkout: {settings: {LEVEL: }}}"))["checkout"]
    assert (Aspect.CONFIG, "settings.LEVEL") not in _fields(checkout)


def test_a_component_left_out_on_purpose_is_not_there() -> None:
    assert sorted(_by_id(_read(MODEL, "components: {checkout: {absent: true}, shop-db: {absent: 'true'}}"))) == []


@pytest.mark.parametrize(
    ("artifact", "version", "expected"),
    [
        ("repo/app", "1.10", "repo/app:1.10"),
        ("repo/app", "sha256:ab12", "repo/app@sha256:ab12"),
        ("", "010", "010"),
        ("repo/app", "", "repo/app"),
    ],
)
def test_a_version_completes_the_artifact(artifact: str, version: str, expected: str) -> None:
    model = f"assay: 1\ncomponents: {{app: {{artifact: {artifact}}}}}\n"
    app = _by_id(_read(model, f"components: {{app: {{version: {version}}}}}"))["app"]
    assert _fields(app)[Aspect.ARTIFACT, "artifact"][0] == expected


def test_what_production_alone_should_have_is_declared_by_patterns() -> None:
    assert _read(MODEL, PRODUCTION).expected == {
        "waf": "faces the internet (platform)",
        "checkout settings.LEVEL": "less noise",
        "* replicas": "larger",
    }


def test_an_environment_without_a_file_has_no_component() -> None:
    reading = _read(MODEL, None)
    assert (reading.components, reading.problems) == ((), ())
    assert reading.expected


def test_settings_without_a_model_are_components_with_a_note() -> None:
    reading = _read(None, PRODUCTION)
    assert sorted(_by_id(reading)) == ["checkout", "shop-db"]
    assert [(note.code, note.place.line) for note in reading.notes] == [
        ("explicit-unknown", 2),
        ("explicit-unknown", 6),
    ]


@pytest.mark.parametrize(
    ("model_path", "environment_path"),
    [
        ("platform/model.yaml", "platform/environments/production.yaml"),
        ("model.json", "production.yml"),
        ("platform/model.yaml", "platform/environments/production/settings.yaml"),
        ("production/model.yaml", "production/settings.yaml"),
    ],
)
def test_the_files_are_told_apart_by_their_paths_else_by_their_order(model_path: str, environment_path: str) -> None:
    files = [SourceFile(model_path, MODEL.encode()), SourceFile(environment_path, PRODUCTION.encode())]
    assert sorted(_by_id(ExplicitReader().read(Unit("production"), files, _mask))) == sorted(
        _by_id(_read(MODEL, PRODUCTION))
    )


def test_settings_of_other_environments_in_the_same_folder_are_passed_over() -> None:
    files = [
        SourceFile("platform/environments/production.yaml", PRODUCTION.encode()),
        SourceFile("platform/environments/staging.yaml", b"components: {other: {}}\n"),
        SourceFile("platform/model.yaml", MODEL.encode()),
    ]
    assert ExplicitReader().read(Unit("production"), files, _mask) == _read(MODEL, PRODUCTION)
    assert ExplicitReader().read(Unit("production"), files[1:], _mask) == _read(MODEL, None)


def test_a_name_nearly_known_is_pointed_out() -> None:
    model = MODEL.replace("connections: [shop-db,", "connections: [shop-bd,")
    reading = _read(model, PRODUCTION.replace("shop-db", "shop-dbs"))
    assert _lines(reading.notes) == [
        (9, "checkout connects to 'shop-bd', which this model does not have", "did you mean 'shop-db'?"),
        (6, "'shop-dbs' is no component of the model; it is kept", "did you mean 'shop-db'?"),
    ]
    assert "shop-dbs" in _by_id(reading)


SLIPS = [
    ("replicas: 2", "replicas: two", 7, "components.checkout.replicas must be a whole number in range", ""),
    ("{http: 8080}", "{http: 70000}", 6, "components.checkout.ports.http must be a whole number in range", ""),
    ("    artifact:", "    artefact:", 5, "unknown key 'artefact' in components.checkout", "did you mean 'artifact'?"),
    ("resources:\n", "resource:\n", 12, "unknown key 'resource' in the file", "did you mean 'resources'?"),
    ("uses: [cards,", "uses: [card,", 10, "checkout uses 'card', which is no resource of this model", "'cards'"),
    ("kind: volume", "kind: disk", 15, "resources.unused.kind must be 'config', 'secret', 'volume' or 'external'", ""),
    (
        "port: http, ",
        "prt: http, ",
        9,
        "unknown key 'prt' in components.checkout.connections.1",
        "did you mean 'port'?",
    ),
    ("[shop-db, {to", "[shop-db, {too", 9, "components.checkout.connections.1.to is missing", ""),
    (
        "settings: {LEVEL: info",
        "settings: {LEVEL: [info]",
        8,
        "components.checkout.settings.LEVEL must be a single",
        "",
    ),
    ("  shop-db: {kind", "  shop db: {kind", 11, "components.shop db: the name has characters", "no spaces"),
    ("  unused: {", "  shop-db: {", 15, "'shop-db' names both a component and a resource", ""),
    ("assay: 1\n", "", 1, "`assay: 1`, the version of the format, is missing", "write it as the first line"),
    ("reason: less noise", "why: less noise", 18, "production_only.1.reason is missing", ""),
]


@pytest.mark.parametrize(("right", "wrong", "line", "reason", "fix"), SLIPS, ids=[slip[1].strip() for slip in SLIPS])
def test_a_slip_is_told_with_its_line_and_the_rest_is_kept(
    right: str, wrong: str, line: int, reason: str, fix: str
) -> None:
    model = MODEL.replace(right, wrong, 1)
    assert model != MODEL
    reading = _read(model, PRODUCTION)
    assert all(problem.code == "explicit-schema" for problem in reading.problems)
    assert any(
        place == line and said.startswith(reason) and fix in hint for place, said, hint in _lines(reading.problems)
    ), _lines(reading.problems)
    assert {"checkout", "shop-db"} <= _by_id(reading).keys()


def test_a_hostile_name_stays_on_one_line() -> None:
    reading = _read('assay: 1\ncomponents: {"a\\nb\\e[31m": {}, c: {"\\nd": 1}}\n', PRODUCTION)
    assert len(reading.problems) == 2
    assert all(problem.reason.isprintable() for problem in reading.problems)


def test_what_is_taken_out_is_not_reported_as_missing() -> None:
    reading = _read(MODEL.replace("kind: volume", "kind: disk"), PRODUCTION)
    assert len(reading.problems) == 1


def test_all_slips_are_told_at_once() -> None:
    model = MODEL
    for right, wrong, *_ in SLIPS[:3]:
        model = model.replace(right, wrong, 1)
    assert len(_read(model, PRODUCTION).problems) == 3


@pytest.mark.parametrize(
    ("model", "environment", "code", "line"),
    [
        ("a: ]", PRODUCTION, "yaml-syntax", 1),
        (MODEL, "a: ]", "yaml-syntax", 1),
        ("assay: 2\n", PRODUCTION, "explicit-schema", 1),
        (MODEL, "components: {}\nassay: 2\n", "explicit-schema", 2),
        ("- a\n", PRODUCTION, "explicit-schema", 1),
        (MODEL, "just text", "explicit-schema", 1),
    ],
)
def test_a_file_of_another_kind_leaves_no_component(model: str, environment: str, code: str, line: int) -> None:
    reading = _read(model, environment)
    assert reading.components == ()
    assert [(problem.code, problem.place.line) for problem in reading.problems] == [(code, line)]


def test_an_empty_file_is_an_environment_without_components() -> None:
    for empty in ("", "# nothing yet\n", "assay: 1\ncomponents:\n"):
        assert _read(MODEL, empty) == _read(MODEL, None)


def test_a_file_full_of_faults_is_given_up_with_few_words() -> None:
    faults = "components:\n" + "".join(f"  c{number}: 1\n" for number in range(5_000))
    reading = _read("assay: 1\n" + faults, PRODUCTION)
    assert reading.components == ()
    assert len(reading.problems) == 101


def test_order_and_comments_change_no_digest() -> None:
    shuffled = "# a comment\ncomponents:\n  shop-db: {version: '16.4'}\n" + PRODUCTION.split("\n", 1)[1].replace(
        "  shop-db: {version: 16.4}\n", ""
    )
    digests = [{c.id: c.digest for c in _read(MODEL, text).components} for text in (PRODUCTION, shuffled)]
    assert digests[0] == digests[1]


def test_the_shipped_schemas_are_those_of_the_reader() -> None:
    """Refresh them by writing `schemas()` to the files of its names."""
    for name, wanted in schemas().items():
        assert (SCHEMAS / name).read_text(encoding="utf-8") == wanted
        jsonschema.Draft202012Validator.check_schema(json.loads(wanted))


def _documented() -> dict[str, str]:
    page = (ROOT / "docs" / "explicit-model.md").read_text(encoding="utf-8")
    return dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", page, re.DOTALL))


def test_the_documented_examples_are_read_without_a_word() -> None:
    examples = _documented()
    found = {}
    for environment in ("staging", "production"):
        files = [
            SourceFile(path, examples[path].encode())
            for path in ("platform/model.yaml", f"platform/environments/{environment}.yaml")
        ]
        reading = ExplicitReader().read(Unit(environment), files, _mask)
        assert (reading.problems, reading.notes) == ((), ())
        found[environment] = _by_id(reading)
    assert sorted(found["production"]) == ["card-network", "checkout", "orders-db", "waf"]
    assert sorted(found["staging"]) == ["card-network", "checkout", "gift-cards", "orders-db"]
    settings = {field.name for field in found["staging"]["checkout"].fields}
    assert "settings.LOG_LEVEL" in settings
    assert "settings.CARRIER_URL" not in settings


@pytest.mark.parametrize("text", [MODEL, PRODUCTION, *(v for k, v in _documented().items() if k != "assay.yaml")])
def test_what_the_reader_takes_the_schemas_take_too(text: str) -> None:
    name = "explicit-model.json" if "ports:" in text else "explicit-environment.json"
    jsonschema.validate(yaml.safe_load(text), json.loads(schemas()[name]))


@pytest.mark.parametrize("wrong", [slip[:2] for slip in SLIPS if not {"uses:", "shop-db:"} & {*slip[1].split()}])
def test_slips_of_form_are_refused_by_the_schemas_too(wrong: tuple[str, str]) -> None:
    """That one name means two things, or nothing, is beyond a JSON Schema."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(MODEL.replace(*wrong, 1)), json.loads(schemas()["explicit-model.json"]))
