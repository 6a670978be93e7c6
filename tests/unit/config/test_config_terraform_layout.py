from __future__ import annotations

import pytest

from generator.config.layouts.terraform import find_terraform, find_tosca, find_variables
from generator.config.looking import Looker

TOSCA = b"tosca_definitions_version: tosca_2_0\n"


def looker(*paths: str, text: bytes = b"") -> Looker:
    return Looker(paths, (), lambda _: text)


def test_root_modules_in_folders_called_like_environments() -> None:
    found = find_terraform(looker("live/prod/main.tf", "live/staging/a.tf.json", "modules/prod/main.tf", "x/dev/a.txt"))
    assert found is not None
    assert {n: (e.path, e.reader) for n, e in found.environments.items()} == {
        "staging": (("live/staging",), "terraform"),
        "prod": (("live/prod",), "terraform"),
    }
    assert find_terraform(looker("main.tf", "modules/net/main.tf")) is None


@pytest.mark.parametrize(
    ("tf", "variables", "root", "values"),
    [
        ("infra/main.tf", "infra/{}.tfvars", "infra", "infra/{environment}.tfvars"),
        ("infra/main.tf", "infra/vars/{}.tfvars.json", "infra", "infra/vars/{environment}.tfvars.json"),
        ("main.tf", "env/{}.tfvars", ".", "env/{environment}.tfvars"),
        ("infra/main.tf", "env/{}.tfvars", "infra", "env/{environment}.tfvars"),
    ],
)
def test_variables_called_like_environments(tf: str, variables: str, root: str, values: str) -> None:
    found = find_variables(looker(tf, variables.format("staging"), variables.format("prod")))
    assert found is not None
    (source,) = found.model
    assert (source.reader, source.template, source.values) == ("terraform", root, (values,))
    assert found.confidence == "sure"
    assert find_variables(looker(tf, variables.format("prod"), variables.format("common"))) is None
    assert find_variables(looker(variables.format("staging"), variables.format("prod"))) is None


@pytest.mark.parametrize("path", ["topology/{}.yaml", "services/{}/service.yaml", "{}/app.yaml"])
def test_service_templates(path: str) -> None:
    found = find_tosca(looker(path.format("staging"), path.format("prod"), text=TOSCA))
    assert found is not None
    (source,) = found.model
    assert (source.reader, source.template) == ("tosca", path.replace("{}", "{environment}"))
    assert list(found.environments) == ["staging", "prod"]
    assert find_tosca(looker(path.format("staging"), path.format("prod"), text=b"a: b")) is None
    assert find_tosca(looker(path.format("staging"), text=TOSCA)) is None
