"""Compose files as components: with Docker Compose, without it, and where it refuses."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from support.compose_tree import MemoryTree, by_id, mask, read, reading, values

from generator.model.component import Aspect, How, Role
from generator.readers.compose.reader import ComposeReader
from generator.readers.reader import SourceFile, Unit
from generator.rendering.compose import ComposeEngine
from generator.rendering.jobs import Rendered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.model.component import Component
    from generator.readers.reader import Reading

NONE = ComposeEngine("/nowhere/docker-compose")


@pytest.fixture(scope="module", params=["engine", "none"])
def engine(request: pytest.FixtureRequest) -> ComposeEngine:
    """Return Docker Compose, and then none: what both can read has to be the same."""
    found = ComposeEngine() if request.param == "engine" else NONE
    if request.param == "engine" and not found.version():
        pytest.skip("docker compose is not on this machine")
    return found


@pytest.fixture(scope="module")
def real() -> ComposeEngine:
    found = ComposeEngine()
    if not found.version():
        pytest.skip("docker compose is not on this machine")
    return found


def _one(engine: ComposeEngine, text: str, name: str = "web", **files: str) -> Component:
    found = reading(engine, {"compose.yaml": text, **files})
    assert found.problems == ()
    return by_id(found)[name]


def _references(component: Component) -> set[tuple[Role, str, How, str]]:
    return {(r.role, r.target, r.how, r.field) for r in component.references}


def test_a_service_is_a_component_with_its_image(engine: ComposeEngine) -> None:
    web = _one(engine, "services:\n  web:\n    image: shop:1.10\n    container_name: shop-web\n")
    assert (web.id, web.role, web.kind, web.path, web.line) == (
        "web",
        Role.COMPONENT,
        "ComposeService",
        "compose.yaml",
        2,
    )
    assert [(f.aspect, f.name, f.value, f.line) for f in web.fields if f.name == "image"] == [
        (Aspect.ARTIFACT, "image", "shop:1.10", 3)
    ]
    assert web.names == ("shop-web", "web")


def test_a_service_without_an_image_is_what_is_built(engine: ComposeEngine) -> None:
    web = _one(engine, "services: {web: {build: {context: ./web, args: [VERSION, B=2]}}}", **{".env": "VERSION=7"})
    found = values(web)
    assert found["image"] == "build ./web"
    assert (found["build.args.VERSION"], found["build.args.B"]) == ("7", "2")


def test_a_setting_that_the_configuration_names_is_an_artifact(engine: ComposeEngine) -> None:
    unit = Unit("production", artifact=("build.args.BASE",))
    found = reading(engine, {"compose.yaml": "services: {web: {build: {context: ., args: {BASE: 'b:2'}}}}"}, unit=unit)
    artifacts = [(f.name, f.value) for f in found.components[0].fields if f.aspect is Aspect.ARTIFACT]
    assert artifacts == [("build.args.BASE", "b:2"), ("image", "build .")]


def test_the_image_that_a_build_starts_from_is_an_artifact(engine: ComposeEngine) -> None:
    text = "services: {web: {image: local, build: {context: ., args: [BASE_IMAGE, IMAGE_USER=u, image=x]}}}"
    web = _one(engine, text, **{".env": "BASE_IMAGE=base:2"})
    artifacts = {f.name: f.value for f in web.fields if f.aspect is Aspect.ARTIFACT}
    assert artifacts == {"image": "local", "build.args.BASE_IMAGE": "base:2", "build.args.image": "x"}


def test_the_environment_is_read_from_every_form(engine: ComposeEngine) -> None:
    text = (
        "services: {web: {image: x, env_file: [one.env, gone.env], environment: [A=1, PASSED, 'C=${D:-d}', E=$$x]},"
        " other: {image: x, environment: {A: 1, PASSED: , C: true, N: 0.30}}}"
    )
    files = {"compose.yaml": text, "one.env": "A=0\nONLY=$KNOWN/${UNKNOWN}\nPASSED\n", ".env": "KNOWN=k\n"}
    found = by_id(reading(engine, files))
    web, other = values(found["web"]), values(found["other"])
    assert {n: v for n, v in web.items() if n.startswith("env.")} == {
        "env.A": "1",
        "env.PASSED": "${PASSED}",
        "env.C": "d",
        "env.E": "$x",
        "env.ONLY": "k/${UNKNOWN}",
    }
    assert (other["env.A"], other["env.PASSED"], other["env.C"]) == ("1", "${PASSED}", "true")


def test_secrets_are_masked_by_name_and_by_form(engine: ComposeEngine) -> None:
    canary = "hunter2-CANARY"
    files = {
        "compose.yaml": (
            f"services: {{web: {{image: 'https://u:{canary}@r.example/shop:1',\n"
            f" build: {{context: ., args: {{NPM_TOKEN: '{canary}'}}}},\n"
            f" environment: {{DB_PASSWORD: '{canary}', URL: 'postgres://u:{canary}@db/x', FROM: '${{TOKEN}}'}},\n"
            f" command: ['--api-key', '{canary}'], env_file: x.env, labels: {{auth_token: '{canary}'}},\n"
            " healthcheck: {test: 'curl -H \"Authorization: Bearer CANARYabc123XYZ\" http://x'},\n"
            " secrets: [s, inline], configs: [c]}}\n"
            f"secrets: {{s: {{file: ./key}}, inline: {{environment: TOKEN}}}}\nconfigs: {{c: {{file: ./c.conf}}}}\n"
        ),
        "key": canary,
        "c.conf": f"password={canary}\n",
        "x.env": f"API_KEY={canary}\n",
        ".env": f"TOKEN={canary}\n",
    }
    found = reading(engine, files)
    assert "CANARY" not in repr(found)
    changed = reading(engine, {**files, "key": "other"})
    before, after = by_id(found)["secret/s"], by_id(changed)["secret/s"]
    assert values(before)["content"] == mask(canary)
    assert before.digest != after.digest


def test_a_secret_that_comes_by_a_variable_is_masked_there_alone(engine: ComposeEngine) -> None:
    text = (
        "services: {web: {image: 'postgres:14', command: 'run -p${PW} postgres', hostname: postgres,\n"
        " environment: [HOST=postgres, 'FROM=${PW}', 'BOTH=a-${PW}'], env_file: x.env}}\n"
    )
    web = values(
        _one(engine, text, **{".env": "PW=no\nPW=postgres\nDB_PASSWORD=postgres\n", "x.env": "COPY=$DB_PASSWORD"})
    )
    assert web["env.COPY"] == mask("postgres")
    assert (web["image"], web["hostname"], web["env.HOST"]) == ("postgres:14", "postgres", "postgres")
    token = text.replace("${PW}", "${API_TOKEN}")
    web = values(_one(engine, token, **{".env": "API_TOKEN=postgres\n", "x.env": ""}))
    assert (web["env.FROM"], web["env.BOTH"]) == (mask("postgres"), f"a-{mask('postgres')}")
    assert (web["command[1]"], web["command[2]"]) == (f"-p{mask('postgres')}", "postgres")
    assert (web["image"], web["hostname"], web["env.HOST"]) == ("postgres:14", "postgres", "postgres")


def test_contents_of_configs_count_by_their_digest(engine: ComposeEngine) -> None:
    text = (
        "services: {web: {image: x, configs: [{source: c, target: /etc/c}]}}\n"
        "configs: {c: {file: c.conf}, d: {file: d}}"
    )
    found = by_id(reading(engine, {"compose.yaml": text, "c.conf": "worker 1\n"}))
    assert found.keys() == {"web", "config/c"}
    assert values(found["config/c"]) == {
        "file": "c.conf",
        "content": "sha256:" + hashlib.sha256(b"worker 1\n").hexdigest(),
    }
    assert values(found["web"])["configs.c"] == "/etc/c"
    assert (Role.CONFIG, "c", How.REFERENCE, "configs.c") in _references(found["web"])


def test_ports_replicas_and_resources_have_their_aspects(engine: ComposeEngine) -> None:
    text = (
        "services: {web: {image: x, ports: ['127.0.0.1:8080:80', '443:443', '53:53/udp'], expose: ['9000'],"
        " deploy: {replicas: 3, resources: {limits: {memory: 50M, cpus: '0.50'}}}, pids_limit: 9},\n"
        " two: {image: x, scale: 2}}"
    )
    found = by_id(reading(engine, {"compose.yaml": text}))
    web = {(f.aspect, f.name): f.value for f in found["web"].fields}
    assert web[Aspect.EXPOSURE, "ports.80/tcp"] == "127.0.0.1:8080"
    assert web[Aspect.EXPOSURE, "ports.53/udp"] == "53"
    assert web[Aspect.EXPOSURE, "expose"] == "9000"
    assert web[Aspect.SCALE, "replicas"] == "3"
    assert web[Aspect.SCALE, "deploy.resources.limits.memory"] == "52428800"
    assert web[Aspect.SCALE, "deploy.resources.limits.cpus"] == "0.5"
    assert web[Aspect.SCALE, "pids_limit"] == "9"
    assert values(found["two"])["replicas"] == "2"
    assert [port.number for port in found["web"].ports] == ["443", "53", "80", "9000"]


def test_what_a_service_needs_is_referred_to(engine: ComposeEngine) -> None:
    text = (
        "services:\n"
        "  web: {image: x, depends_on: {db: {condition: service_healthy, required: false}}, links: ['cache:c'],"
        " volumes: ['data:/data', './here:/here:ro', /anonymous]}\n"
        "  db: {image: x}\n  cache: {image: x, network_mode: 'service:db'}\n"
        "volumes: {data: {driver: local}, unused: {}}\n"
    )
    found = by_id(reading(engine, {"compose.yaml": text}))
    assert found.keys() == {"web", "db", "cache", "volume/data"}
    assert _references(found["web"]) == {
        (Role.COMPONENT, "db", How.REFERENCE, "depends_on.db"),
        (Role.COMPONENT, "cache", How.REFERENCE, "links"),
        (Role.VOLUME, "data", How.REFERENCE, "volumes./data"),
    }
    assert [r.optional for r in found["web"].references if r.target == "db"] == [True]
    web = values(found["web"])
    assert web["depends_on.db"] == "service_healthy required=false"
    assert (web["volumes./data"], web["volumes./here"], web["volumes./anonymous"]) == ("data", "./here:ro", "volume")
    assert (Role.COMPONENT, "db", How.REFERENCE, "network_mode") in _references(found["cache"])
    assert values(found["volume/data"]) == {"driver": "local"}


def test_an_address_counts_only_inside_of_a_common_network(engine: ComposeEngine) -> None:
    text = (
        "services:\n"
        "  web: {image: x, networks: [front], environment: {A: 'http://api:80',\n"
        "   B: 'redis://db:6379', C: 'http://shop.api:1',"
        " D: 'https://example.org', E: 'http://nobody:80'}}\n"
        "  api: {image: x, networks: {front: {aliases: [shop.api]}, back: {}}}\n"
        "  db: {image: x, networks: [back]}\n"
        "  side: {image: x, network_mode: 'service:db', environment: {A: 'http://api:80'}}\n"
        "  lone: {image: x, network_mode: none, environment: {A: 'http://api:80'}}\n"
        "networks: {front: {internal: true}, back: {}}\n"
    )
    found = by_id(reading(engine, {"compose.yaml": text}))
    assert _references(found["web"]) == {
        (Role.COMPONENT, "api", How.INFERRED, "env.A"),
        (Role.COMPONENT, "api", How.INFERRED, "env.C"),
        (Role.EXTERNAL, "example.org", How.INFERRED, "env.D"),
        (Role.COMPONENT, "nobody", How.INFERRED, "env.E"),
    }
    assert (Role.COMPONENT, "api", How.INFERRED, "env.A") in _references(found["side"])
    assert _references(found["lone"]) == set()
    assert values(found["network/front"]) == {"internal": "true"}
    assert "network/back" not in found


def test_services_of_profiles_count(engine: ComposeEngine) -> None:
    web = _one(engine, "services: {web: {image: x, profiles: [z, a]}}")
    assert values(web)["profiles"] == "a, z"


def test_a_variable_without_a_value_stays_visible(engine: ComposeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_BIND", "of-this-machine")
    monkeypatch.setenv("TAG", "of-this-machine")
    text = "services: {web: {image: 'shop:$TAG', ports: ['${SENTRY_BIND}:80/tcp'], environment: [TAG, HOME, TZ]}}"
    web = values(_one(engine, text))
    assert web["image"] == "shop:${TAG}"
    assert web["ports.80/tcp"] == "${SENTRY_BIND}"
    assert (web["env.TAG"], web["env.HOME"], web["env.TZ"]) == ("${TAG}", "${HOME}", "${TZ}")


def test_the_name_of_the_project_is_the_files_own_or_none(engine: ComposeEngine) -> None:
    text = "services: {web: {image: 'x:${COMPOSE_PROJECT_NAME}', environment: [COMPOSE_PROJECT_NAME]}}\n"
    for head, name in (("name: shop\n", "shop"), ("", "${COMPOSE_PROJECT_NAME}")):
        web = values(_one(engine, head + text))
        assert (web["image"], web["env.COMPOSE_PROJECT_NAME"]) == (f"x:{name}", name)
    passed = values(_one(engine, "services: {web: {image: x, environment: [COMPOSE_PROJECT_NAME]}}"))
    assert passed["env.COMPOSE_PROJECT_NAME"] == "${COMPOSE_PROJECT_NAME}"


def test_layers_are_laid_over_one_another_by_composes_rules(engine: ComposeEngine) -> None:
    files = {
        "compose.yaml": (
            "services:\n  web: {image: 'shop:1', command: [a, b], ports: ['80:80'], environment: [A=1, B=1],"
            " volumes: ['./a:/a', 'vol:/v'], healthcheck: {test: up, retries: 3}, cap_add: [X], dns: [1.1.1.1],"
            " labels: [l=1], depends_on: [db], secrets: [s], configs: [c]}\n  db: {image: db}\n"
            "volumes: {vol: {}}\nsecrets: {s: {file: s}, t: {file: t}}\nconfigs: {c: {file: c}}\n"
        ),
        "compose.prod.yaml": (
            "services:\n"
            "  web: {image: 'shop:2', command: [c], ports: ['80:80', '443:443'], environment: {B: '2', C: 3},"
            " volumes: ['./other:/a:ro'], healthcheck: {test: [CMD, ok]}, cap_add: [Y, X], dns: [2.2.2.2],"
            " labels: {m: '2'}, depends_on: {cache: {condition: service_healthy}}, secrets: [t]}\n  cache: {image: c}\n"
        ),
    }
    unit = Unit("prod", layers=("compose.yaml", "compose.prod.yaml", "compose.absent.yaml"))
    found = by_id(reading(engine, files, unit=unit))
    assert found.keys() == {"web", "db", "cache", "volume/vol", "secret/s", "secret/t", "config/c"}
    web = values(found["web"])
    assert (web["image"], web["command[0]"], web["ports.443/tcp"]) == ("shop:2", "c", "443")
    assert (web["env.A"], web["env.B"], web["env.C"]) == ("1", "2", "3")
    assert (web["volumes./a"], web["volumes./v"], web["cap_add"]) == ("./other:ro", "vol", "X, Y")
    assert (web["healthcheck.test"], web["healthcheck.retries"]) == ("CMD ok", "3")
    assert (web["dns[0]"], web["dns[1]"], web["labels.l"], web["labels.m"]) == ("1.1.1.1", "2.2.2.2", "1", "2")
    assert (web["depends_on.db"], web["depends_on.cache"]) == ("service_started", "service_healthy")
    assert "command[1]" not in web


def test_a_service_that_extends_another_of_its_file_has_what_that_has(engine: ComposeEngine) -> None:
    text = (
        "services:\n  base: {image: 'x:1', environment: {A: 1, B: 1}, command: [a], ports: ['1:1'], depends_on: [db]}\n"
        "  web: {extends: {service: base}, environment: [B=2], command: [b, c], ports: ['2:2']}\n  db: {image: d}\n"
    )
    web = values(_one(engine, text))
    assert (web["image"], web["env.A"], web["env.B"], web["command[0]"]) == ("x:1", "1", "2", "b")
    assert (web["ports.1/tcp"], web["ports.2/tcp"], web["depends_on.db"]) == ("1", "2", "service_started")


def test_what_is_laid_out_otherwise_is_the_same_component(engine: ComposeEngine) -> None:
    one = "services: {web: {image: x, ports: ['2:2', '1:1'], cap_add: [A, B], environment: [B=1, A=2], build: .}}"
    two = (
        "services:\n  # a comment\n  web:\n    build: {context: .}\n    environment: {A: '2', B: '1'}\n"
        "    cap_add: [B, A]\n    ports:\n    - {target: 1, published: '1'}\n"
        "    - {target: 2, published: '2', protocol: tcp, mode: ingress}\n    image: x\n"
    )
    assert _one(engine, one).digest == _one(engine, two).digest


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("image: y", "image"),
        ("environment: {A: '2'}", "env.A"),
        ("ports: ['81:80']", "ports.80/tcp"),
        ("command: [b]", "command[0]"),
        ("volumes: ['./b:/a']", "volumes./a"),
        ("restart: always", "restart"),
        ("mem_limit: 2m", "mem_limit"),
        ("healthcheck: {test: b}", "healthcheck.test"),
    ],
)
def test_a_change_is_a_change_of_one_field(engine: ComposeEngine, change: str, name: str) -> None:
    base = {
        "image": "image: x",
        "environment": "environment: {A: '1'}",
        "ports": "ports: ['80:80']",
        "command": "command: [a]",
        "volumes": "volumes: ['./a:/a']",
        "restart": "restart: 'no'",
        "mem_limit": "mem_limit: 1m",
        "healthcheck": "healthcheck: {test: a}",
    }
    other = base | {change.partition(":")[0]: change}
    one, two = (values(_one(engine, f"services: {{web: {{{', '.join(part.values())}}}}}")) for part in (base, other))
    assert {n for n in one.keys() | two.keys() if one.get(n) != two.get(n)} == {name}


def test_reading_without_the_engine_is_told() -> None:
    found = reading(NONE, {"compose.yaml": "services: {web: {image: x}}"})
    assert [(n.code, n.reason) for n in found.notes] == [
        ("not-rendered", "Docker Compose is not on this machine: read as it stands")
    ]
    assert (found.lost, found.problems) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "include: [other.yaml]\nservices: {}",
        "services: {web: {extends: {file: other.yaml, service: web}}}",
        "services: {web: {image: x, ports: !reset []}}",
        "- web",
    ],
)
def test_what_takes_the_engine_is_a_problem_without_it(text: str) -> None:
    found = reading(NONE, {"compose.yaml": text, "other.yaml": "services: {web: {image: y}}"})
    assert (found.components, found.lost) == ((), None)
    assert [p.code for p in found.problems] in (["engine-missing"], ["compose-shape"])


def test_included_and_extended_files_are_put_together(real: ComposeEngine) -> None:
    files = {
        "compose.yaml": (
            "include: [side/compose.yaml]\nservices: {web: {extends: {file: base.yaml, service: web}, image: 'x:2'}}"
        ),
        "base.yaml": "services:\n  web: {image: 'x:1', environment: {A: '1'}}\n",
        "side/compose.yaml": "services: {side: {image: 's:${V}', env_file: s.env}}",
        "side/.env": "V=9",
        "side/s.env": "Q=1",
    }
    found = by_id(reading(real, files))
    assert values(found["web"])["image"] == "x:2"
    assert values(found["web"])["env.A"] == "1"
    assert (values(found["side"])["image"], values(found["side"])["env.Q"]) == ("s:9", "1")
    assert found["side"].path == "side/compose.yaml"


def test_tags_of_compose_are_followed(real: ComposeEngine) -> None:
    files = {
        "compose.yaml": "services: {web: {image: x, ports: ['80:80'], cap_add: [A]}}",
        "compose.override.yaml": "services: {web: {ports: !override ['81:81'], cap_add: !reset []}}",
    }
    web = values(by_id(reading(real, files))["web"])
    assert {n for n in web if n.startswith(("ports", "cap"))} == {"ports.81/tcp"}


def test_both_ways_of_filling_in_variables_give_one_component(real: ComposeEngine) -> None:
    """`${HOME}` is filled in afterwards, so the same file with and without it goes both ways."""
    text = (
        "services: {web: {image: 'x:${V}', command: 'run ${V} \"a b\"', ports: ['80-81:80-81', '${V}:90/udp'],"
        " shm_size: 1g, healthcheck: {test: 'up $$HOST', interval: 90s}, volumes: ['./a:/a', vol:/v],"
        " build: {context: ., args: [V]}, deploy: {replicas: 2}, ulimits: {nproc: 5},"
        " extra_hosts: ['a:1.2.3.4'], configs: [{source: c, mode: 0440}],"
        " environment: {N: 1.50, T: true, E: ''},\n sysctls: [a=1], tmpfs: /run, init: true,"
        " privileged: false, OTHER}}\n"
        "volumes: {vol: {}, unused: {}}\nconfigs: {c: {content: 'x ${V}'}}\n"
    )
    plain, after = text.replace("OTHER", "user: u"), text.replace("OTHER", "user: '${HOME:+u}u'")
    one, two = (by_id(reading(real, {"compose.yaml": t, ".env": "V=7"})) for t in (plain, after))
    assert values(one["web"]) == values(two["web"])
    assert {i: c.digest for i, c in one.items()} == {i: c.digest for i, c in two.items()}


def test_the_engines_words_are_the_problem(real: ComposeEngine) -> None:
    found = reading(real, {"shop/compose.yaml": "services: {web: {image: x, imag: y}}"}, "shop/compose.yaml")
    assert found.components == ()
    assert found.lost is None
    assert [(p.code, p.reason, p.place.path) for p in found.problems] == [
        (
            "engine-failed",
            "validating shop/compose.yaml: services.web.imag false schema",
            "shop/compose.yaml",
        )
    ]


def test_a_contradiction_is_a_note(real: ComposeEngine) -> None:
    found = reading(real, {"compose.yaml": "services: {web: {image: x, depends_on: [gone]}}"})
    assert [n.code for n in found.notes] == ["compose-inconsistent"]
    assert "gone" in found.notes[0].reason
    assert [c.id for c in found.components] == ["web"]


def test_a_file_of_the_first_format_is_read_as_it_stands(real: ComposeEngine) -> None:
    found = reading(
        real, {"docker-compose.yml": "web:\n  image: x:1\n  links: [db]\ndb: {image: d}\n"}, "docker-compose.yml"
    )
    assert sorted(c.id for c in found.components) == ["db", "web"]
    assert [n.code for n in found.notes] == ["not-rendered"]
    assert "additional properties" in found.notes[0].reason
    assert by_id(found)["web"].line == 1


def test_a_file_of_the_second_format_is_read_as_it_stands(real: ComposeEngine) -> None:
    text = "version: '2.1'\nservices: {web: {image: x, volume_driver: local}}\n"
    found = reading(real, {"compose.yaml": text})
    assert values(by_id(found)["web"])["volume_driver"] == "local"
    assert [n.code for n in found.notes] == ["not-rendered"]


@pytest.mark.parametrize(
    "text",
    [
        "version: '3.8'\nservices: {web: {image: x, volume_driver: local}}\n",
        "version: '2.1'\nservices: {web: {image: x, volume_driver: l, extends: {file: b.yaml, service: w}}}\n",
        "version: '2.1'\nservices: {web: {image: x, retries: 3, mem_limit: lots}}\n",
        "title: notes\n",
    ],
)
def test_what_the_engine_refuses_is_else_a_problem(real: ComposeEngine, text: str) -> None:
    found = reading(real, {"compose.yaml": text, "b.yaml": "services: {w: {image: y}}"})
    assert found.components == () or "2.1" in text
    assert bool(found.problems) != bool(found.components)


def test_a_secret_in_the_engines_words_is_masked() -> None:
    tree = MemoryTree({"compose.yaml": "services: {web: {image: x}}"})
    plan = ComposeReader().plan(Unit("production"), "compose.yaml", tree)
    words = "cannot parse postgres://u:hunter2@db/x"
    found = read(plan, tree, Rendered(code="engine-failed", failure=words), "compose.yaml")
    assert "hunter2" not in found.problems[0].reason


def test_nothing_of_the_machine_is_read(real: ComposeEngine, tmp_path: Path) -> None:
    """Every way to name a file, by an absolute path and by one that climbs out: the canary is in no result."""
    outside = tmp_path / "outside"
    outside.write_text("CANARY=1\n")
    beside = tmp_path / "outside.yaml"
    beside.write_text("services: {w: {image: CANARY}}\n")
    climbing = "../" * 30 + str(outside).lstrip("/")
    for path, document in ((str(outside), str(beside)), (climbing, f"{climbing}.yaml")):
        for text in (
            f"services: {{web: {{image: x, env_file: '{path}'}}}}",
            f"services: {{web: {{image: x, label_file: '{path}'}}}}",
            f"services: {{web: {{image: x, extends: {{file: '{document}', service: w}}}}}}",
            f"include: ['{document}']",
            f"include: [{{path: a.yaml, env_file: '{path}'}}]",
            f"services: {{web: {{image: x, configs: [c]}}}}\nconfigs: {{c: {{file: '{path}'}}}}",
            f"services: {{web: {{image: x, secrets: [s]}}}}\nsecrets: {{s: {{file: '{path}'}}}}",
        ):
            found = reading(real, {"compose.yaml": text, "a.yaml": "services: {a: {image: '${CANARY}'}}"})
            shown = "".join(f.value for c in found.components for f in c.fields)
            assert "CANARY" not in shown
            assert not {"content", "env.CANARY", "labels.CANARY"} & {f.name for c in found.components for f in c.fields}
            assert found.problems or found.notes


def test_files_alone_are_read_as_they_stand() -> None:
    files = [SourceFile("compose.yaml", b"services: {web: {image: x}}")]
    found = ComposeReader().read(Unit("production"), files, mask)
    assert [c.id for c in found.components] == ["web"]
    assert [n.code for n in found.notes] == ["not-rendered"]


def test_a_layer_that_is_gone_everywhere_is_nothing_lost() -> None:
    unit = Unit("production", layers=("compose.yaml",))
    found = reading(NONE, {"other.txt": "x"}, unit=unit)
    assert (found.components, found.problems, found.lost) == ((), (), ())


HOSTILE = [
    "",
    "null",
    "[]",
    "services: 1",
    "services: [a]",
    "services: {web: 1}",
    "services: {web: [a]}",
    "services: {web: }",
    "services: {web: {image: [x]}}",
    "services: {web: {image: x, environment: 1, ports: {a: b}, volumes: 3, depends_on: {a: b}}}",
    "services: {web: {image: x, env_file: {a: b}, healthcheck: [1], deploy: x, networks: 1, build: [1]}}",
    'services: {web: {image: x, command: "\'unclosed"}}',
    "services: {web: {image: x, extends: web}}",
    "services: {a: {extends: b}, b: {extends: a}}",
    "services: {a: {image: x, network_mode: 'service:b'}, b: {image: x, network_mode: 'service:a'}}",
    "include: {a: b}\nconfigs: [1]\nsecrets: x",
    "services: &a {web: *a}",
    "services: {web: {image: '${'}}",
    "services: {web: {image: !!python/object x}}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_content_ends_the_run(engine: ComposeEngine, text: str) -> None:
    found: Reading = reading(engine, {"compose.yaml": text})
    assert found.problems or found.lost == () or found.components


def _digests(found: Reading) -> Mapping[str, str]:
    return {c.id: c.digest for c in found.components}


def test_the_same_files_give_the_same_reading(engine: ComposeEngine) -> None:
    text = "services: {b: {image: x}, a: {image: '${V}', ports: ['${W}:80'], volumes: ['vol:/v']}}\nvolumes: {vol: {}}"
    for one, two in pairwise(reading(engine, {"compose.yaml": text}) for _ in range(3)):
        assert one == two
        assert list(_digests(one)) == sorted(_digests(one))
