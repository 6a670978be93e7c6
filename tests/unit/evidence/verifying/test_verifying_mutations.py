"""The mutation test: random changes to a signed site with a chain of three bundles are all found, and named."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from support.forgeries import FORGERIES, Forgery
from support.sealed import Forger, Sealed, seal_demo

from generator.evidence.chain import link_of, read_chain
from generator.evidence.verifying.bundle import Known, Wanted, verify_bundle

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = 6
"""Random changes of each kind."""
FEWEST = 200


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return seal_demo(tmp_path_factory.mktemp("sealed"))


@pytest.fixture(scope="module")
def forger(sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Forger:
    return Forger(sealed, tmp_path_factory.mktemp("forged") / "site")


def test_the_untouched_site_passes_and_says_who_signed_it(sealed: Sealed) -> None:
    verdict = verify_bundle(sealed.site, Wanted(sealed.allowed))
    assert verdict.mismatches == ()
    assert [line.split(":")[0] for line in verdict.signers] == ["evidence/manifest.json.sig", "site.json.sig"]
    assert verdict.sequence == 3
    assert any("after 2 earlier bundles" in sentence for sentence in verdict.checked)
    assert verdict.not_checked == ()


def test_there_are_enough_changes() -> None:
    assert len(FORGERIES) * SEEDS >= FEWEST
    assert max(Counter(forgery.name for forgery in FORGERIES).values()) == 1


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_every_change_is_found_and_names_the_file(forgery: Forgery, seed: int, sealed: Sealed, forger: Forger) -> None:
    names = forgery.change(forger, random.Random(f"{forgery.name} {seed}"))  # noqa: S311 - to be the same each time
    try:
        verdict = verify_bundle(forger.site, Wanted(sealed.allowed))
    finally:
        forger.restore()
    found = {mismatch.path for mismatch in verdict.mismatches}
    assert found, f"nothing was found, and {names} differ"
    assert names & found, f"{names} differ, and what is named is {verdict.mismatches[:5]}"
    assert forgery.says in " ".join(mismatch.reason for mismatch in verdict.mismatches)


def test_after_all_of_it_the_site_still_passes(sealed: Sealed, forger: Forger) -> None:
    assert verify_bundle(forger.site, Wanted(sealed.allowed)).mismatches == ()


@pytest.mark.parametrize("number", [0, 1])
def test_an_older_bundle_in_place_of_the_newest_is_named(number: int, sealed: Sealed) -> None:
    newest = sealed.site / "evidence"
    known = Known(link_of(newest).digest, frozenset(link.digest for link in read_chain(newest)))
    replayed = sealed.older[number]
    assert verify_bundle(replayed, Wanted(sealed.allowed)).mismatches == ()
    (mismatch,) = verify_bundle(replayed, Wanted(sealed.allowed, follows=known)).mismatches
    assert mismatch.path == "manifest.json"
    assert "older bundle" in mismatch.reason
    (mismatch,) = verify_bundle(replayed, Wanted(sealed.allowed, follows=Known(known.digest))).mismatches
    assert "does not follow" in mismatch.reason
    (mismatch,) = verify_bundle(replayed, Wanted(sealed.allowed, expect=known.digest)).mismatches
    assert mismatch.path == "manifest.json"


def test_the_newest_bundle_follows_those_before_it(sealed: Sealed) -> None:
    for older in (*sealed.older, sealed.site / "evidence"):
        wanted = Wanted(sealed.allowed, follows=Known(link_of(older).digest))
        assert verify_bundle(sealed.site, wanted).mismatches == ()


def test_an_older_bundle_with_good_signatures_in_the_site_is_named(sealed: Sealed, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(sealed.site, site)
    shutil.rmtree(site / "evidence")
    shutil.copytree(sealed.older[1], site / "evidence")
    found = verify_bundle(site, Wanted(sealed.allowed)).mismatches
    assert [mismatch.path for mismatch in found] == ["evidence/manifest.json"]
    assert "other evidence than the site was drawn from" in found[0].reason


def test_without_signers_a_signature_is_not_checked_and_nobody_says_that_it_passed(sealed: Sealed) -> None:
    verdict = verify_bundle(sealed.site)
    assert verdict.mismatches == ()
    assert verdict.signers == ()
    told = " ".join(verdict.not_checked)
    assert "manifest.json.sig is there, and was not checked" in told
    assert "site.json.sig is there, and was not checked" in told
    assert "production.intoto.jsonl is signed, and was not checked" in told
