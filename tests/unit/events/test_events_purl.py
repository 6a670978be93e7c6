from __future__ import annotations

import pytest

from generator.events.purl import Artifact, artifact_of


@pytest.mark.parametrize(
    ("purl", "found"),
    [
        ("pkg:oci/myapp@sha256%3A0b31", Artifact("sha256:0b31")),
        ("pkg:oci/myapp@sha256%3A0b31?tag=1.9.2&arch=amd64", Artifact("1.9.2")),
        ("pkg:npm/%40scope/name@1.10", Artifact("1.10")),
        ("pkg:npm/name@1.0?tag=x", Artifact("1.0")),
        ("pkg:generic/app?checksum=sha256:de4d", Artifact("sha256:de4d")),
        (
            "pkg:generic/app@2?vcs_url=git%2Bhttps://git.example.org/a.git%40C0FFEE1234#sub/path",
            Artifact("2", "c0ffee1234"),
        ),
        ("pkg:generic/app@2?vcs_url=git%2Bhttps://git.example.org/a.git%40main", Artifact("2")),
        ("registry.example.org/app:1", Artifact()),
        ("", Artifact()),
    ],
)
def test_version_and_source_are_told(purl: str, found: Artifact) -> None:
    assert artifact_of(purl) == found
