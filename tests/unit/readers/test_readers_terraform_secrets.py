from __future__ import annotations

import json

import msgspec
import pytest
from support.planned import mask, plan_and_read, shown

from generator.readers.reader import Unit
from generator.readers.terraform.reader import TerraformReader

CANARY = "hunter2canary"


def text_of(main: str, **more: str) -> str:
    files: dict[str, str | bytes] = {"deploy/main.tf": main}
    files |= {path.replace("__", "/").replace("_DOT_", "."): text for path, text in more.items()}
    _, reading = plan_and_read(TerraformReader(), files, "deploy", Unit("production", layers=("deploy/p.tfvars",)))
    assert reading.problems == ()
    return msgspec.json.encode(reading).decode()


@pytest.mark.parametrize(
    "main",
    [
        'variable "db_password" { default = "CANARY" }',
        'variable "plain" {\n  default = "CANARY"\n  sensitive = true\n}',
        'variable "db" { default = { host = "x", password = "CANARY" } }\nresource "a" "b" { x = var.db.password }',
        'variable "pin" {\n  default = "CANARY"\n  sensitive = true\n}\nresource "a" "b" { x = var.pin }',
        'variable "db_password" { default = "CANARY" }\nlocals { x = var.db_password }\noutput "b" { value = local.x }',
        'resource "a" "b" { password = "CANARY" }',
        'resource "a" "b" { password = coalesce(var.x, "CANARY") }',
        'resource "a" "b" { password = var.x != "" ? var.x : "CANARY" }',
        'resource "a" "b" { password = "${var.x}CANARY" }',
        'resource "a" "b" { args = concat(["--password=CANARY"]) }',
        'resource "a" "b" { env = merge(var.env, { DB_PASSWORD = "CANARY" }) }',
        'resource "a" "b" { env = { "DB_PASSWORD" = "CANARY" } }',
        'resource "a" "b" { url = "postgres://shop:CANARY@db/${var.x}" }',
        'resource "a" "b" { x = sensitive("CANARY") }',
        'resource "aws_ssm_parameter" "b" { value = "CANARY" }',
        'resource "kubernetes_secret" "b" { data = { x = "CANARY" } }',
        'resource "aws_secretsmanager_secret_version" "b" { secret_string = jsonencode({ x = "CANARY" }) }',
        'resource "helm_release" "b" {\n  set_sensitive {\n    name = "x"\n    value = "CANARY"\n  }\n}',
        'resource "helm_release" "b" {\n  set {}\n  set {\n    name = "db.password"\n    value = "CANARY"\n  }\n}',
        'output "x" {\n  value = "CANARY"\n  sensitive = true\n}',
        'provider "x" { token = "CANARY" }',
        'terraform {\n  backend "pg" { conn_str = "postgres://u:CANARY@h/d" }\n}',
        'module "a" { source = "git::https://user:CANARY@example.org/x.git?ref=v1" }',
        'resource "a" "b" { c = jsonencode([{ name = "API_TOKEN", value = "CANARY" }]) }',
        'resource "a" "b" {\n  c = <<-EOT\n    password: CANARY\n  EOT\n}',
    ],
)
def test_no_secret_comes_out(main: str) -> None:
    assert CANARY not in text_of(main.replace("CANARY", CANARY))


def test_no_secret_of_a_call_comes_out_where_the_module_calls_it_sensitive() -> None:
    main = f'module "a" {{\n  source = "./a"\n  pin = "{CANARY}"\n}}'
    module = 'variable "pin" { sensitive = true }\nresource "a" "b" { x = var.pin }'
    assert CANARY not in text_of(main, deploy__a__main_DOT_tf=module)


def test_no_secret_of_a_file_of_values_comes_out_and_its_change_shows() -> None:
    main = 'variable "pin" { sensitive = true }\nvariable "api_key" {}\n'
    texts = [text_of(main, deploy__p_DOT_tfvars=f'pin = "{c}"\napi_key = "{c}"\n') for c in (CANARY, "otherOther2")]
    assert CANARY not in texts[0]
    assert texts[0] != texts[1]


def test_an_error_does_not_quote_the_file() -> None:
    for main in (f'a = "{CANARY}" "', f"password = {CANARY} {CANARY}", f'x "{CANARY}'):
        plan, reading = plan_and_read(TerraformReader(), {"main.tf": main}, "")
        assert plan.problems
        assert CANARY not in msgspec.json.encode((plan, reading)).decode()


def test_where_a_secret_is_taken_from_stays_readable() -> None:
    main = 'resource "a" "b" {\n  password = random_password.db.result\n  token = var.t\n}\n'
    _, reading = plan_and_read(TerraformReader(), {"deploy/main.tf": main}, "deploy")
    assert shown(reading.components[0]) == ["config password = ${random_password.db.result}", "config token = ${var.t}"]


def test_sensitive_values_of_a_plan_are_fingerprints_always() -> None:
    resource = {
        "address": "a.b",
        "mode": "managed",
        "type": "a",
        "name": "b",
        "values": {
            "whole": {"x": CANARY},
            "some": [{"open": "yes", "key": CANARY}, {"key": CANARY}],
            "text": json.dumps([{"name": "DB_PASSWORD", "value": CANARY}]),
            "password": CANARY,
        },
        "sensitive_values": {"whole": True, "some": [{"key": True}]},
    }
    state = {
        "format_version": "1.0",
        "values": {
            "outputs": {"o": {"sensitive": True, "value": {"deep": CANARY}}},
            "root_module": {"resources": [resource]},
        },
    }
    _, reading = plan_and_read(TerraformReader(), {"state.json": json.dumps(state)}, "state.json")
    assert CANARY not in msgspec.json.encode(reading).decode()
    assert shown(reading.components[0]) == [
        "config some[0].open = yes",
        "config text[DB_PASSWORD].name = DB_PASSWORD",
        f"secret password = {mask(CANARY)}",
        f"secret some[0].key = {mask(CANARY)}",
        f"secret some[1].key = {mask(CANARY)}",
        f"secret text[DB_PASSWORD].value = {mask(CANARY)}",
        f"secret whole.x = {mask(CANARY)}",
    ]
