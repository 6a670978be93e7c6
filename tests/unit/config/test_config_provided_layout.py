from __future__ import annotations

from generator.config.layouts.provided import provided_files
from generator.config.looking import Looker


def told(files: dict[str, str], *reading: str) -> tuple[tuple[str, ...], list[str]]:
    return provided_files(Looker(files, (), lambda path: files[path].encode()), reading)


def test_a_missing_file_with_an_encrypted_one_beside_it_is_provided() -> None:
    files = {f"o/{e}/kustomization.yaml": "resources: [secrets/db.yaml, key]" for e in ("staging", "prod")}
    files |= {f"o/{e}/secrets/db.enc.yaml": "" for e in ("staging", "prod")} | {"o/prod/key.gpg": ""}
    patterns, reasons = told(files, "o/prod", "o/staging")
    assert patterns == ("**/secrets/*.yaml", "o/prod/key")
    assert reasons[0].startswith("3 files that kustomizations name aren't there")
    assert reasons[1].startswith("Kustomizations name `o/staging/key`, which is not there")


def test_what_a_base_names_counts_too() -> None:
    files = {
        "base/kustomization.yaml": "secretGenerator: [{name: a, files: [cert=tls/cert.pem], envs: [a.env]}]",
        "base/tls/cert.enc.pem": "",
        "base/a.env": "",
        "o/prod/kustomization.yaml": "resources: [../../base]\npatches: [{path: gone.yaml}, {patch: 'a: b'}]",
    }
    patterns, reasons = told(files, "o/prod")
    assert patterns == ("base/tls/*.pem",)
    assert "`o/prod/gone.yaml`" in reasons[1]


def test_addresses_and_patches_in_place_are_no_files() -> None:
    text = "resources: ['https://example.org/a.yaml', github.com/a/b, 'git@example.org:a/b', '../../../out']\n"
    text += "components: ['', '{z}']\npatchesStrategicMerge: ['a: b\n\n  c: d']\n"
    assert told({"o/prod/kustomization.yaml": text}, "o/prod") == ((), [])
    assert told({"a.yaml": ""}, "") == ((), [])


def test_a_circle_of_bases_ends() -> None:
    files = {"a/kustomization.yaml": "resources: [../b, x.yaml]", "b/kustomization.yaml": "resources: [../a]"}
    assert told(files, "a")[0] == ()
