"""How a site is to look, from assay.yaml and the newest commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.manifests import deployment
from support.replay import write_trees

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = """environments:
  staging: {path: s}
  production: {path: p, upstream: staging, production: true}
site:
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def repository(folder: Path, site: str, **files: str | bytes) -> Path:
    named = {name.replace("_", "."): content for name, content in files.items()}
    tree = {"assay.yaml": LAYOUT + site, "s/a.yaml": deployment(), "p/a.yaml": deployment(), **named}
    return write_trees(folder / "r", [tree])


def test_logo_colours_pages_and_address_reach_the_site(tmp_path: Path) -> None:
    site = '  url: https://x.example/\n  logo: logo.svg\n  favicon: icon.png\n  colours: {accent: "#0a5c36"}\n'
    plain = SVG.replace("<script>alert(1)</script>", "")
    found = repository(tmp_path, site, logo_svg=plain, icon_png=b"\x89PNG\r\n\x1a\n.")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.md").write_text("# Run <b>book</b>\n\n![a](a.svg)\n", "utf-8")
    (tmp_path / "pages/a.svg").write_text(SVG, "utf-8")
    result = assay("build", "--repo", found, "--output", tmp_path / "site", "--pages", tmp_path / "pages")
    assert result.exit_code == 0, result.stderr
    home = (tmp_path / "site/index.html").read_text("utf-8")
    assert 'src="assets/images/logo.svg"' in home
    assert 'href="assets/images/favicon-own.png"' in home
    # A picture is only ever shown as one, so that what it would run can't run.
    assert "alert(1)" not in home
    assert "--assay-accent: #0a5c36" in (tmp_path / "site/assets/stylesheets/tokens.css").read_text("utf-8")
    own = (tmp_path / "site/pages/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://x.example/pages/index.html">' in own
    assert '"pages/index.html"' in home.replace("'", '"')
    assert (tmp_path / "site/pages/a.svg").is_file()
    assert list((tmp_path / "site").parent.glob(".site*")) == []


@pytest.mark.parametrize(("site", "words"), [
    ("  logo: no.svg\n", "error[picture] assay.yaml: site.logo: the newest commit has no file no.svg"),
    ("  logo: fake.png\n", "site.logo: fake.png is no picture of the kind that its name says"),
    ("  logo: runs.svg\n", "site.logo: runs.svg is more than a picture: it has the element script"),
    ("  favicon: large.svg\n", "site.favicon: large.svg has 500,001 bytes"),
    ("  logo: s/a.yaml\n", "error[config] assay.yaml:5:9: site.logo: `s/a.yaml` is no picture"),
    ("  logo: ../x.svg\n", "leads out of a folder"),
    ("  colours: {accent: red}\n", "error[config] assay.yaml:5:21: site.colours.accent: `red` is no colour"),
    ('  colours: {accent: "#eeeeee"}\n', "error[colours] assay.yaml: site.colours: accent #eeeeee has a contrast"),
    ('  colours: {nothing: "#eeeeee"}\n', "error[colours] assay.yaml: site.colours: there is no colour 'nothing'"),
    ("  url: ftp://x\n", "is no address of a site"),
])  # fmt: skip
def test_a_fault_is_one_line_with_its_place_and_what_to_do(tmp_path: Path, site: str, words: str) -> None:
    files = {"fake_png": "text", "large_svg": "<svg>" + " " * (500_001 - 5), "runs_svg": SVG}
    result = assay("build", "--repo", repository(tmp_path, site, **files), "--output", tmp_path / "site")
    assert result.exit_code != 0
    (line,) = [row for row in result.stderr.splitlines() if row.startswith("error")]
    assert words in line
    assert line.endswith(")")
    assert not (tmp_path / "site").exists()


def test_an_unknown_language_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    result = assay(
        "build", "--repo", repository(tmp_path, "  language: en\n"), "--output", tmp_path / "s", "--language", "xx"
    )
    assert result.exit_code == 2
    assert "there is no catalogue of texts for 'xx'" in result.stderr
