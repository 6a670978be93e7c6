from __future__ import annotations

import json
from typing import Any

import pytest
from support.planned import connections, plan_and_read, shown

from generator.model.component import Role
from generator.readers.reader import Reading, Unit
from generator.readers.terraform.reader import TerraformReader

PATH = "plans/production.json"


def resource(address: str, **more: object) -> dict[str, object]:
    """Return a resource as a plan gives it; its values are `more` unless they are named."""
    kind = address.rpartition("module.")[2].split(".")[-2]
    found = {"address": address, "mode": "managed", "type": kind, "values": {}, "sensitive_values": {}}
    return found | more


PLAN: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.10.0",
    "variables": {"tag": {"value": "1.10"}, "db_password": {"value": "x"}},
    "planned_values": {
        "outputs": {"port": {"sensitive": False, "value": 80}},
        "root_module": {
            "resources": [
                resource("app_server.web[0]", values={"ami": "ami-1", "gone": None, "tags": {"a": "b"}}),
                resource("app_server.web[1]", values={"ami": "ami-1"}),
                resource("data.app_image.base", mode="data", type="app_image"),
            ],
            "child_modules": [
                {
                    "address": 'module.app["eu"]',
                    "resources": [resource('module.app["eu"].app_task.t', values={"cpu": 256})],
                }
            ],
        },
    },
    "configuration": {
        "provider_config": {"app": {"version_constraint": "~> 5.10"}},
        "root_module": {
            "resources": [
                {
                    "address": "app_server.web",
                    "expressions": {
                        "ami": {"references": ["data.app_image.base.id", "data.app_image.base"]},
                        "block": [{"x": {"references": ["module.app.url", "module.app"]}}],
                    },
                }
            ],
            "module_calls": {
                "app": {
                    "source": "./app",
                    "version_constraint": "1.10",
                    "expressions": {
                        "size": {"constant_value": "large"},
                        "server": {"references": ["app_server.web[0].id"]},
                    },
                    "module": {"resources": [{"address": "app_task.t", "depends_on": ["app_task.other"]}]},
                }
            },
        },
    },
}


def read(document: object, unit: Unit | None = None) -> Reading:
    text = document if isinstance(document, str) else json.dumps(document)
    return plan_and_read(TerraformReader(), {PATH: text}, PATH, unit)[1]


def test_a_plan_becomes_components_by_address() -> None:
    reading = read(PLAN)
    assert reading.problems == reading.notes == ()
    found = {component.id: component for component in reading.components}
    assert sorted(found) == [
        "app_server.web[0]",
        "app_server.web[1]",
        "data.app_image.base",
        "module.app",
        'module.app["eu"].app_task.t',
        "root",
    ]
    assert shown(found["app_server.web[0]"]) == ["artifact ami = ami-1", "config tags.a = b"]
    assert connections(found["app_server.web[0]"]) == {"declared data.app_image.base ami", "declared module.app block"}
    assert found["data.app_image.base"].role is Role.CONFIG
    assert shown(found["module.app"]) == ["artifact source = ./app", "artifact version = 1.10", "config size = large"]
    assert connections(found["module.app"]) == {
        "declared app_server.web[0] server",
        "declared app_server.web[1] server",
    }
    assert [line for line in shown(found["root"]) if "secret" not in line] == [
        "config output.port = 80",
        "config provider.app.version = ~> 5.10",
        "config terraform_version = 1.10.0",
        "config var.tag = 1.10",
    ]


def test_a_state_connects_by_what_its_resources_depend_on() -> None:
    values = {
        "root_module": {
            "resources": [
                resource("app_server.web", depends_on=["app_network.main", "module.db.app_table.t", "none.such"]),
                resource("app_network.main"),
            ],
            "child_modules": [{"address": "module.db", "resources": [resource("module.db.app_table.t")]}],
        }
    }
    reading = read({"format_version": "1.0", "values": values}, Unit("production", "shop"))
    found = {component.id: component for component in reading.components}
    assert sorted(found) == ["shop", "shop/app_network.main", "shop/app_server.web", "shop/module.db.app_table.t"]
    assert connections(found["shop/app_server.web"]) == {
        "declared shop/app_network.main depends_on",
        "declared shop/module.db.app_table.t depends_on",
    }


def test_an_unknown_major_version_is_a_problem_and_a_minor_one_is_not() -> None:
    (problem,) = read({**PLAN, "format_version": "2.0"}).problems
    assert problem.code == "terraform-format"
    assert read({**PLAN, "format_version": "1.99"}).problems == ()


@pytest.mark.parametrize("text", ["{}", "[]", '{"values": {}}', "1", ""])
def test_any_other_json_is_passed_over(text: str) -> None:
    reading = read(text)
    assert reading.components == ()
    assert reading.problems == ()
    assert [note.code for note in reading.notes] == ["not-terraform"]


def test_broken_json_is_a_problem() -> None:
    assert read('{"format_version": "1.0"').problems


@pytest.mark.parametrize("place", range(0, 2000, 45))
def test_odd_shapes_never_raise(place: int) -> None:
    text = json.dumps(PLAN)
    for old, new in (("{", "["), ('"', "1"), (":", ",")):
        cut = text[:place] + text[place:].replace(old, new, 1)
        read(cut)
    read(text.replace('"resources": [', '"resources": [1, [], {}, ').replace('"values": {', '"values": [], "x": {'))
