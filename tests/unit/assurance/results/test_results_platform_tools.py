"""kubeconform, kube-linter, conftest and Trivy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Result
from generator.errors import Unreadable

if TYPE_CHECKING:
    from generator.config.results import Format


def read(written: Format, data: Any) -> Result:  # noqa: ANN401 - anything that JSON can hold
    said = parse(written, json.dumps(data).encode(), "report.json")
    assert isinstance(said, Result), said
    return said


def items(said: Result) -> list[tuple[str, str, str, str, int]]:
    return [(item.level, item.name, item.message, item.path, item.line) for item in said.items]


def test_kubeconform_by_the_status_of_each_resource() -> None:
    said = read(
        "kubeconform",
        {
            "resources": [
                {"filename": "a.yaml", "kind": "Service", "name": "web", "version": "v1", "status": "statusValid"},
                {"filename": "b.yaml", "kind": "Job", "name": "run", "status": "statusInvalid", "msg": "wrong type"},
                {"filename": "c.yaml", "kind": "Odd", "version": "x/v1", "status": "SKIPPED", "msg": ""},
                {"filename": "d.yaml", "status": "statusError", "msg": "no schema"},
            ],
            "summary": {"valid": 3, "invalid": 1, "errors": 1, "skipped": 1},
        },
    )
    assert items(said) == [
        ("error", "d.yaml", "no schema", "d.yaml", 0),
        ("failed", "Job/run", "wrong type", "b.yaml", 0),
        ("skipped", "Odd", "", "c.yaml", 0),
    ]
    assert (said.outcome, said.counts.passed) == ("failed", 3)


def test_kubeconform_that_tells_of_nothing_is_no_pass() -> None:
    said = read("kubeconform", {"resources": []})
    assert (said.outcome, said.reason[:11]) == ("missing", "no test ran")
    assert read("kubeconform", {"resources": [], "summary": {"valid": 4}}).outcome == "passed"
    assert read("kubeconform", {"resources": [], "summary": {"valid": 4, "invalid": 2}}).outcome == "failed"
    assert read("kubeconform", {"resources": [{"status": "statusNew"}]}).outcome == "failed"


def test_kube_linter_fails_for_each_report() -> None:
    found = {
        "Diagnostic": {"Message": "no limit is set"},
        "Check": "unset-memory",
        "Remediation": "Set one.",
        "Object": {
            "Metadata": {"FilePath": "web.yaml", "Raw": None},
            "K8sObject": {"Name": "web", "Namespace": "", "GroupVersionKind": {"Kind": "Deployment"}},
        },
    }
    checks, version = [{"name": "unset-memory"}], {"ChecksStatus": "Failed", "KubeLinterVersion": "v0.7"}
    said = read("kube-linter", {"Checks": checks, "Reports": [found], "Summary": version})
    assert items(said) == [("error", "unset-memory", "Deployment/web: no limit is set", "web.yaml", 0)]
    assert (said.outcome, said.tool) == ("failed", "kube-linter v0.7")
    assert read("kube-linter", {"Checks": checks, "Reports": None}).outcome == "passed"
    assert read("kube-linter", {"Checks": None, "Reports": None}).outcome == "missing"
    assert read("kube-linter", {"Checks": checks, "Reports": [], "Summary": version}).outcome == "failed"


def test_conftest_by_file() -> None:
    said = read(
        "conftest",
        [
            {
                "filename": "web.yaml",
                "namespace": "main",
                "successes": 3,
                "failures": [{"msg": "runs as root", "loc": {"file": "src/web.yaml", "line": 4}, "metadata": {}}],
                "warnings": [{"msg": "has no owner"}],
                "exceptions": [{"msg": "may be so"}],
            },
            {"filename": "db.yaml", "namespace": "main", "successes": 2},
        ],
    )
    assert items(said) == [
        ("failed", "main", "runs as root", "src/web.yaml", 4),
        ("warning", "main", "has no owner", "web.yaml", 0),
        ("skipped", "main", "may be so", "web.yaml", 0),
    ]
    assert (said.outcome, said.counts.passed) == ("failed", 5)
    assert read("conftest", []).outcome == "missing"
    assert read("conftest", [{"filename": "a", "successes": 0}]).outcome == "missing"


def test_trivy_by_severity_and_without_the_secret_itself() -> None:
    target = {
        "Target": "image (debian)",
        "Class": "os-pkgs",
        "Vulnerabilities": [
            {
                "VulnerabilityID": "CVE-1",
                "PkgName": "zlib",
                "InstalledVersion": "1.2",
                "FixedVersion": "1.3",
                "Severity": "HIGH",
                "Title": "Overflow",
            },
            {"VulnerabilityID": "CVE-2", "PkgName": "tar", "InstalledVersion": "1", "Severity": "UNKNOWN"},
        ],
        "Secrets": [
            {"RuleID": "cloud-key", "Severity": "CRITICAL", "StartLine": 3, "Match": "hunter2", "Title": "Key"}
        ],
        "Misconfigurations": [{"ID": "C1", "Severity": "LOW", "Status": "FAIL", "Message": "no user"}],
        "MisconfSummary": {"Successes": 9, "Failures": 1},
    }
    said = read("trivy", {"SchemaVersion": 2, "ArtifactName": "shop", "Results": [target]})
    assert items(said) == [
        ("error", "CVE-1", "zlib 1.2, fixed in 1.3: Overflow", "image (debian)", 0),
        ("error", "cloud-key", "Key", "image (debian)", 3),
        ("warning", "CVE-2", "tar 1", "image (debian)", 0),
        ("note", "C1", "no user", "image (debian)", 0),
    ]
    assert (said.outcome, said.counts.passed) == ("failed", 9)


def test_trivy_that_found_nothing_and_that_had_nothing_to_look_at() -> None:
    assert read("trivy", {"SchemaVersion": 2, "Results": [{"Target": "image"}]}).outcome == "passed"
    assert read("trivy", {"SchemaVersion": 2}).outcome == "missing"
    said = parse("trivy", b'{"SchemaVersion": 3, "Results": []}', "report.json")
    assert isinstance(said, Unreadable)
    assert said.code == "result-version"
