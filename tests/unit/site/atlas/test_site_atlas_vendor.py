"""The layout library is the published file that its source note names."""

from __future__ import annotations

import hashlib

from generator.site.sources import data_folder

FOLDER = data_folder() / "site_src" / "docs" / "assets"


def test_the_library_is_the_file_that_its_note_names() -> None:
    script = FOLDER / "vendor" / "dagre" / "dagre.min.js"
    note = (script.parent / "SOURCE.txt").read_text("utf-8")
    assert hashlib.sha256(script.read_bytes()).hexdigest() in note
    assert "Permission is hereby granted" in (script.parent / "LICENSES").read_text("utf-8")


def test_every_script_that_is_loaded_on_demand_is_there() -> None:
    loader = (FOLDER / "javascripts" / "atlas.js").read_text("utf-8")
    named = [
        line.strip(' ",') for line in loader.splitlines() if line.strip().startswith(('"vendor/', '"javascripts/'))
    ]
    assert len(named) == 8
    assert [name for name in named if not (FOLDER / name).is_file()] == []
    scripts = {f"javascripts/{path.name}" for path in (FOLDER / "javascripts").glob("atlas-*.js")}
    assert scripts <= set(named)
