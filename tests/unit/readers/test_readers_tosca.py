from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from support.planned import connections, mask, plan_and_read, shown

from generator.model.component import Port, Role
from generator.readers.reader import Unit
from generator.readers.tosca.reader import ToscaReader

if TYPE_CHECKING:
    from generator.model.component import Component
    from generator.readers.reader import Reading

ROOT = "topology/production.yaml"
HEAD = "tosca_definitions_version: tosca_simple_yaml_1_3\n"
CANARY = "hunter2canary"


def read(text: str, unit: Unit | None = None, **more: str) -> Reading:
    files: dict[str, str | bytes] = {ROOT: text}
    files |= {path.replace("__", "/").replace("_DOT_", "."): content for path, content in more.items()}
    return plan_and_read(ToscaReader(), files, ROOT, unit)[1]


def parts(text: str, unit: Unit | None = None, **more: str) -> dict[str, Component]:
    reading = read(text, unit, **more)
    assert reading.problems == ()
    return {component.id: component for component in reading.components}


def topology(*lines: str) -> str:
    return HEAD + "topology_template:\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("path", "root"),
    [("a/b.yaml", "a/b.yaml"), ("b.tosca", "b.tosca"), ("b.yml", "b.yml"), ("b.json", None), ("b.csar", "b.csar")],
)
def test_a_root_is_the_file_itself(path: str, root: str | None) -> None:
    assert ToscaReader().root(path) == root


def test_node_templates_are_components_with_raw_text() -> None:
    text = topology(
        "node_templates:",
        "  web:",
        "    type: tosca.nodes.SoftwareComponent",
        "    properties: {component_version: 1.10, on: yes, port: 010}",
        "    artifacts: {image: {file: images/web:1.10, type: tosca.artifacts.Deployment.Image.Container.Docker}}",
        "    interfaces:",
        "      Standard:",
        "        create: create.sh",
        "        configure: {implementation: {primary: configure.sh}, inputs: {level: info}}",
        "    requirements: [{host: server}, {host: {node: spare, relationship: tosca.relationships.HostedOn}}]",
        "  server:",
        "    type: tosca.nodes.Compute",
        "    capabilities:",
        "      host: {properties: {num_cpus: 2}}",
        "      endpoint: {properties: {port: 22, protocol: tcp}}",
        "      scalable: {properties: {min_instances: 1}}",
        "  spare: {type: tosca.nodes.Compute}",
    )
    found = parts(text)
    assert sorted(found) == ["server", "spare", "topology", "web"]
    assert (found["web"].kind, found["web"].line) == ("tosca.nodes.SoftwareComponent", 5)
    assert shown(found["web"]) == [
        "artifact artifacts.image.file = images/web:1.10",
        "artifact interfaces.Standard.configure.implementation.primary = configure.sh",
        "artifact interfaces.Standard.create.implementation = create.sh",
        "artifact properties.component_version = 1.10",
        "config artifacts.image.type = tosca.artifacts.Deployment.Image.Container.Docker",
        "config interfaces.Standard.configure.inputs.level = info",
        "config properties.on = yes",
        "config properties.port = 010",
        "config requirements.host = server",
        "config requirements.host[1] = spare",
        "config requirements.host[1].relationship = tosca.relationships.HostedOn",
    ]
    assert connections(found["web"]) == {
        "declared server requirements.host",
        "declared spare requirements.host[1]",
    }
    assert shown(found["server"]) == [
        "exposure capabilities.endpoint.properties.port = 22",
        "exposure capabilities.endpoint.properties.protocol = tcp",
        "scale capabilities.host.properties.num_cpus = 2",
        "scale capabilities.scalable.properties.min_instances = 1",
    ]
    assert found["server"].ports == (Port("endpoint", "22"),)


def test_functions_are_resolved_where_the_value_is_written_down() -> None:
    text = topology(
        "inputs:",
        '  tag: {type: string, default: "1.9"}',
        "  hosts: {type: list, default: [a, b]}",
        "  open: {type: string}",
        "node_templates:",
        "  web:",
        "    type: tosca.nodes.WebApplication",
        "    properties:",
        '      image: {concat: ["shop/web:", {get_input: tag}]}',
        "      port: {get_property: [db, port]}",
        "      own: {get_property: [SELF, port]}",
        "      second: {get_input: [hosts, 1]}",
        '      part: {token: ["a.b.c", ".", 2]}',
        '      joined: {join: [[{get_input: tag}, "x"], "-"]}',
        "      later: {get_attribute: [db, private_address]}",
        '      url: {concat: ["http://", {get_attribute: [db, private_address]}]}',
        "      open: {get_input: open}",
        "      loop: {get_property: [SELF, loop]}",
        "      named: {get_attribute: [db, tosca_name]}",
        "      host: {get_property: [HOST, size]}",
        "    requirements: [{host: server}]",
        "  db: {type: tosca.nodes.Database, properties: {port: 5432}}",
        "  server: {type: tosca.nodes.Compute, properties: {size: large}}",
    )
    web = parts(text, Unit("production", layers=("in/a.yaml", "in/b.yaml")), in__a_DOT_yaml='tag: "1.10"\n')["web"]
    assert shown(web) == [
        "artifact properties.image = shop/web:1.10",
        "config properties.host = large",
        "config properties.joined = 1.10-x",
        "config properties.later = { get_attribute: [db, private_address] }",
        "config properties.loop = { get_property: [SELF, loop] }",
        "config properties.named = db",
        "config properties.open = { get_input: open }",
        "config properties.own = 5432",
        "config properties.part = c",
        "config properties.port = 5432",
        "config properties.second = b",
        'config properties.url = { concat: ["http://", { get_attribute: [db, private_address] }] }',
        "config requirements.host = server",
    ]
    assert connections(web) == {"declared server requirements.host", "reference db properties"}


def test_inputs_and_outputs_stand_with_the_template() -> None:
    text = (
        topology(
            "inputs: {tag: {type: string, default: a}, db_password: {type: string}}",
            "outputs: {url: {value: {get_input: tag}}}",
        )
        + "metadata: {template_version: 1.10}\n"
    )
    unit = Unit("production", "shop", layers=("in.json",))
    found = parts(text, unit, in_DOT_json='{"inputs": {"tag": "1.10", "db_password": "x", "unknown": 1}}')
    assert shown(found["shop"]) == [
        "artifact metadata.template_version = 1.10",
        "config inputs.tag = 1.10",
        "config outputs.url = 1.10",
        "config tosca_definitions_version = tosca_simple_yaml_1_3",
        f"secret inputs.db_password = {mask('x')}",
    ]


def test_imports_of_the_repository_are_followed_and_no_others() -> None:
    text = (
        topology("node_templates: {web: {type: shop.Web, properties: {level: warn}}}")
        + "imports: [types/shop.yaml, {base: {file: ../types/base.yaml}}, 'https://example.org/x.yaml', ../../x.yaml,"
        + " {file: y.yaml, repository: far}]\n"
    )
    base = "node_types: {shop.Base: {properties: {level: {default: info}, color: {default: red}}}}"
    shop = (
        "imports: [../production.yaml]\n"
        "node_types: {shop.Web: {derived_from: shop.Base, properties: {color: {default: blue}}, artifacts: {a: x.sh}}}"
    )
    files: dict[str, str | bytes] = {
        ROOT: text,
        "topology/types/shop.yaml": HEAD + shop,
        "types/base.yaml": HEAD + base,
    }
    plan, reading = plan_and_read(ToscaReader(), {**files, "topology/types/x.sh": "echo 1\n"}, ROOT)
    assert [file.path for file in plan.files] == [
        ROOT,
        "topology/types/shop.yaml",
        "topology/types/x.sh",
        "types/base.yaml",
    ]
    assert [note.code for note in reading.notes] == ["tosca-import"] * 3 + ["tosca-not-checked"]
    web = next(component for component in reading.components if component.id == "web")
    assert [line for line in shown(web) if "content" not in line] == [
        "artifact artifacts.a.file = x.sh",
        "config properties.color = blue",
        "config properties.level = warn",
    ]
    other = plan_and_read(ToscaReader(), {**files, "topology/types/x.sh": "echo 2\n"}, ROOT)[1]
    assert web.digest not in {component.digest for component in other.components}


def test_policies_and_groups_are_resources_in_either_form() -> None:
    nodes = "node_templates: {web: {type: tosca.nodes.Compute}}"
    listed = topology(nodes, "policies: [{near: {type: tosca.policies.Placement, targets: [web]}}]")
    mapped = topology(
        nodes,
        "policies: {near: {type: tosca.policies.Placement, targets: [web]}}",
        "groups: {tier: {type: tosca.groups.Root, members: [web]}}",
    )
    one, two = parts(listed), parts(mapped)
    assert one["policy/near"].digest == two["policy/near"].digest
    assert two["group/tier"].role is Role.CONFIG
    assert connections(two["group/tier"]) == {"declared web members"}


def test_relationship_templates_are_looked_up() -> None:
    text = topology(
        "relationship_templates: {link: {type: tosca.relationships.ConnectsTo, properties: {ttl: 1.10}}}",
        "node_templates:",
        "  web: {type: tosca.nodes.WebApplication, requirements: [{db: {node: db, relationship: link}}]}",
        "  db: {type: tosca.nodes.Database}",
    )
    assert shown(parts(text)["web"]) == [
        "config requirements.db = db",
        "config requirements.db.relationship = tosca.relationships.ConnectsTo",
        "config requirements.db.relationship.properties.ttl = 1.10",
    ]


@pytest.mark.parametrize(
    "node",
    [
        "properties: {password: CANARY}",
        "properties: {x: {concat: ['postgres://shop:CANARY@', {get_attribute: [b, ip]}]}}",
        "properties: {x: {get_input: db_password}}",
        "properties: {password: {concat: ['CANARY', {get_attribute: [b, ip]}]}}",
        "properties: {x: {get_property: [b, password]}}",
        "properties: {list: [{name: API_TOKEN, value: CANARY}]}",
        "interfaces: {Standard: {create: {implementation: a.sh, inputs: {token: CANARY}}}}",
        "requirements: [{x: {node: b, relationship: {type: t, properties: {credential: {token: CANARY}}}}}]",
        "capabilities: {c: {properties: {credential: {password: CANARY}}}}",
        "attributes: {admin_password: CANARY}",
        "properties: {num: {get_input: number}}",
    ],
)
def test_no_secret_comes_out(node: str) -> None:
    text = topology(
        "inputs: {db_password: {type: string, default: CANARY}, number: {type: integer, default: 'token=CANARY'}}",
        "node_templates:",
        f"  a: {{type: tosca.nodes.Compute, {node}}}",
        "  b: {type: tosca.nodes.Compute, properties: {password: CANARY}, artifacts: {f: s.sh}}",
    )
    reading = read(text.replace("CANARY", CANARY), topology__s_DOT_sh=f"PASSWORD={CANARY}")
    assert reading.problems == ()
    assert len(reading.components) == 3
    assert CANARY not in msgspec.json.encode(reading).decode()
