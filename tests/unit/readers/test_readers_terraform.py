from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.planned import connections, mask, plan_and_read, shown

from generator.model.component import Role
from generator.readers.reader import Unit
from generator.readers.terraform.reader import TerraformReader
from generator.readers.terraform.syntax import parse_terraform

if TYPE_CHECKING:
    from generator.documents.tree import Documents
    from generator.model.component import Component
    from generator.readers.reader import Reading

ROOT = "environments/production"
MAIN = f"{ROOT}/main.tf"


def read(files: dict[str, str | bytes], unit: Unit | None = None, root: str = ROOT) -> Reading:
    return plan_and_read(TerraformReader(), files, root, unit)[1]


def parts(files: dict[str, str | bytes], unit: Unit | None = None) -> dict[str, Component]:
    reading = read(files, unit)
    assert reading.problems == ()
    return {component.id: component for component in reading.components}


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("a/main.tf", "a"),
        ("main.tf", ""),
        ("a/main.tf.json", "a"),
        ("plans/production.json", "plans/production.json"),
        ("a/production.tfvars", None),
        ("a/production.tfvars.json", None),
        ("a/README.md", None),
        ("a/.terraform/modules/x/main.tf", None),
    ],
)
def test_a_root_is_told_by_the_path(path: str, root: str | None) -> None:
    assert TerraformReader().root(path) == root


def test_variables_take_the_last_value_given_and_keep_their_text() -> None:
    files: dict[str, str | bytes] = {
        MAIN: 'variable "tag" {}\nvariable "size" { default = 1.10 }\nvariable "open" {}\nvariable "set" {}\n',
        f"{ROOT}/terraform.tfvars": 'tag = "1.8"\nset = "a"\nunknown = 1\n',
        f"{ROOT}/z.auto.tfvars": 'tag = "1.9"\n',
        "values/common.tfvars": 'tag = "1.10"\nset = { list = [010, 1e3] }\n',
        "values/production.tfvars.json": '{"set": {"on": true}}',
    }
    layers = ("values/common.tfvars", "values/missing.tfvars", "values/production.tfvars.json")
    root = parts(files, Unit("production", layers=layers))["root"]
    assert shown(root) == ["config var.set.on = true", "config var.size = 1.10", "config var.tag = 1.10"]


def test_the_root_tells_versions_providers_and_the_backend() -> None:
    main = """
terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.10" }
  }
  backend "s3" {
    bucket     = "state"
    access_key = "AKIAABCDEFGHIJKLMNOP"
  }
}
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
"""
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.31.0"\n}\n'
    root = parts({MAIN: main, f"{ROOT}/.terraform.lock.hcl": lock})["root"]
    assert shown(root) == [
        "artifact provider.aws.locked = 5.31.0",
        "config backend.s3.bucket = state",
        "config provider.aws.region = eu-west-1",
        "config provider.aws.source = hashicorp/aws",
        "config provider.aws.version = ~> 5.10",
        "config provider.aws@us.region = us-east-1",
        "config required_version = >= 1.10",
        f"secret backend.s3.access_key = {mask('AKIAABCDEFGHIJKLMNOP')}",
    ]


def test_the_root_goes_by_its_folder_unless_that_is_the_environment() -> None:
    files: dict[str, str | bytes] = {"deploy/main.tf": 'module "a" {\n  source = "x/y/z"\n}\n'}
    assert [c.id for c in read(files, root="deploy").components] == ["deploy", "module/a"]
    named = read(files, Unit("production", "shop"), "deploy")
    assert [c.id for c in named.components] == ["shop", "shop/module/a"]


def test_a_module_is_a_component_with_its_version_as_artifact() -> None:
    main = """
module "db" {
  source  = "terraform-aws-modules/rds/aws"
  version = "6.10"
}
module "app" {
  source    = "git::https://example.org/modules.git//app?ref=v1.10&depth=1"
  image_tag = "1.10"
  database  = module.db.endpoint
}
"""
    found = parts({MAIN: main})
    assert shown(found["module/db"]) == ["artifact source = terraform-aws-modules/rds/aws", "artifact version = 6.10"]
    assert shown(found["module/app"]) == [
        "artifact image_tag = 1.10",
        "artifact source = git::https://example.org/modules.git//app?depth=1",
        "artifact version = v1.10",
        "config database = ${module.db.endpoint}",
    ]
    assert connections(found["module/app"]) == {"declared module/db database"}
    assert found["module/app"].path == MAIN
    assert found["module/app"].line == 6


def test_known_values_stand_where_their_names_stood() -> None:
    main = """
variable "tag" { default = "1.10" }
variable "ports" { default = { web = [80, 8080] } }
locals {
  name  = "shop-${var.tag}"
  loop  = local.loop
  names = ["a", "b"]
}
resource "example_app" "web" {
  title  = "${local.name}!"
  second = local.names[1]
  port   = var.ports.web[0]
  other  = var.ports["web"]
  open   = local.loop
  kept   = "$${var.tag}"
}
"""
    assert shown(parts({MAIN: main})["example_app.web"]) == [
        "config kept = $${var.tag}",
        "config open = ${local.loop}",
        "config other[0] = 80",
        "config other[1] = 8080",
        "config port = 80",
        "config second = b",
        "config title = shop-1.10!",
    ]


def test_resources_connect_to_what_they_name() -> None:
    main = """
data "example_image" "base" {}
locals { network = example_network.main.id }
resource "example_network" "main" {}
resource "example_app" "web" {
  count      = 3
  image_id   = data.example_image.base.id
  network    = local.network
  text       = "at ${module.db.host} and ${each.value.x}"
  depends_on = [example_key.web]
  rule { port = 80 }
  rule { port = 443 }
}
resource "example_key" "web" {}
module "db" { source = "./db" }
"""
    found = parts({MAIN: main, f"{ROOT}/db/main.tf": ""})
    assert connections(found["example_app.web"]) == {
        "declared data.example_image.base image_id",
        "declared example_key.web depends_on",
        "declared example_network.main network",
        "declared module/db text",
    }
    assert found["data.example_image.base"].role is Role.CONFIG
    assert shown(found["example_app.web"]) == [
        "artifact image_id = ${data.example_image.base.id}",
        "config network = ${example_network.main.id}",
        "config rule.port = 80",
        "config rule[1].port = 443",
        "config text = at ${module.db.host} and ${each.value.x}",
        "scale count = 3",
    ]


def test_local_modules_are_followed_with_their_values() -> None:
    files: dict[str, str | bytes] = {
        MAIN: 'module "app" {\n  source = "../../modules/app"\n  tag = "1.10"\n  other = example_x.y.id\n}\n',
        "modules/app/main.tf": """
variable "tag" {}
variable "other" {}
variable "size" { default = "small" }
resource "example_app" "web" {
  image = "shop/web:${var.tag}"
  other = var.other
}
module "inner" { source = "./inner" }
output "url" { value = example_app.web.url }
""",
        "modules/app/inner/main.tf": 'resource "example_app" "web" {}\n',
        "modules/unused/main.tf": 'resource "example_app" "x" {}\n',
    }
    plan, reading = plan_and_read(TerraformReader(), files, ROOT)
    assert [file.path for file in plan.files] == [MAIN, "modules/app/inner/main.tf", "modules/app/main.tf"]
    found = {component.id: component for component in reading.components}
    assert sorted(found) == [
        "module/app",
        "module/app/example_app.web",
        "module/app/module/inner",
        "module/app/module/inner/example_app.web",
        "root",
    ]
    assert shown(found["module/app"]) == [
        "artifact source = ../../modules/app",
        "config other = ${example_x.y.id}",
        "config output.url = ${example_app.web.url}",
        "config size = small",
        "config tag = 1.10",
    ]
    assert shown(found["module/app/example_app.web"]) == [
        "artifact image = shop/web:1.10",
        "config other = ${var.other}",
    ]


def test_files_that_functions_take_in_count_by_their_content() -> None:
    main = 'locals {\n  a = templatefile("${path.module}/user.tpl", { x = 1 })\n  b = file("../../../etc/passwd")\n}\n'
    files: dict[str, str | bytes] = {MAIN: main, f"{ROOT}/user.tpl": "one"}
    plan, first = plan_and_read(TerraformReader(), files, ROOT)
    assert [file.path for file in plan.files] == [MAIN, f"{ROOT}/user.tpl"]
    second = read({**files, f"{ROOT}/user.tpl": "two"})
    assert first.components[0].digest != second.components[0].digest
    hidden = read({**files, f"{ROOT}/user.tpl": "password=hunter2"})
    assert f"secret file[user.tpl] = {mask('password=hunter2')}" in shown(hidden.components[0])


def test_spacing_comments_and_the_order_of_files_change_nothing() -> None:
    one = 'resource "a" "b" {\n  x = var.y+1 # why\n  m = { k = "v" }\n}\nresource "a" "c" {}\n'
    left = read({MAIN: one})
    right = read(
        {
            f"{ROOT}/a.tf": 'resource "a" "c" {\n}\n',
            f"{ROOT}/z.tf": 'resource "a" "b" {\n  m = {\n    "k" : "v",\n  }\n\n  x = var.y + 1\n}\n',
        }
    )
    assert {c.id: c.digest for c in left.components} == {c.id: c.digest for c in right.components}


def test_the_form_of_json_means_the_same() -> None:
    text = """
variable "tag" { default = "1.10" }
resource "example_app" "web" {
  image      = "shop:${var.tag}"
  network    = example_net.main.id
  depends_on = [module.db]
}
resource "example_net" "main" {}
module "db" { source = "x/y/z" }
"""
    json = """{
"variable": {"tag": {"default": "1.10"}},
"resource": [
  {"example_app": {"web": [{"image": "shop:${var.tag}", "network": "${example_net.main.id}",
                            "depends_on": ["module.db"], "//": "a comment"}]}},
  {"example_net": {"main": {}}}],
"module": {"db": {"source": "x/y/z"}}
}"""
    left, right = read({MAIN: text}), read({f"{MAIN}.json": json})
    assert {c.id: c.digest for c in left.components} == {c.id: c.digest for c in right.components}


def test_override_files_are_laid_over_the_others() -> None:
    files: dict[str, str | bytes] = {
        MAIN: 'resource "a" "b" {\n  x = 1\n  y = 2\n  rule { p = 1 }\n  rule { p = 2 }\n}\n',
        f"{ROOT}/a_override.tf": 'resource "a" "b" {\n  y = 3\n  rule { p = 4 }\n}\n',
    }
    assert shown(parts(files)["a.b"]) == ["config rule.p = 4", "config x = 1", "config y = 3"]


def test_the_top_of_the_repository_is_a_root_as_any_other() -> None:
    files: dict[str, str | bytes] = {
        "main.tf": 'variable "tag" {}\nmodule "a" { source = "./a" }\n',
        "a/main.tf": "",
        "production.tfvars": "tag = 1.10\n",
    }
    for root in ("", "."):
        reading = read(files, Unit("production", layers=("production.tfvars",)), root)
        assert [component.id for component in reading.components] == ["module/a", "root"]
        assert shown(reading.components[1]) == ["config var.tag = 1.10"]
        assert reading.components[1].path == "production.tfvars"


def test_a_file_is_parsed_once_for_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse(data: bytes, path: str) -> Documents:
        parsed.append(path)
        return parse_terraform(data, path)

    monkeypatch.setattr("generator.readers.terraform.reader.parse_terraform", parse)
    reader = TerraformReader()
    files: dict[str, str | bytes] = {MAIN: 'locals { a = "1.10" }', f"{ROOT}/b.tf": ""}
    assert plan_and_read(reader, files, ROOT) == plan_and_read(reader, files, ROOT)
    assert parsed == [f"{ROOT}/b.tf", MAIN]
