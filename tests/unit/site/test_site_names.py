import re

import pytest

from generator.site.names import (
    PART,
    anchor,
    component_page,
    deployment_place,
    deployments_page,
    environment_page,
    month_page,
    next_page,
    page_name,
    release_page,
    topology_page,
)


@pytest.mark.parametrize("name", ["production-12", "eu.production-3", "a" * 64])
def test_plain_ids_are_their_own_names(name: str) -> None:
    assert page_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/b-1",
        "",
        "..",
        "index",
        "Frame",
        "month-2026-08",
        "part-1-staging",
        "<script>",
        "é-1",
        "x" * 300,
        "a b",
        "nul",
        "com1.service",
        "a-b-0123456789ab",
    ],
)
def test_other_ids_become_safe_names_that_stay_apart(name: str) -> None:
    found = page_name(name)
    assert re.fullmatch(r"[A-Za-z0-9-]{1,60}", found)
    assert found != page_name(name + "x")


def test_pages_stand_in_their_folders() -> None:
    assert release_page("production-1") == "releases/production-1.html"
    assert month_page("") == "releases/month-undated.html"
    assert topology_page("ab") == "topologies/ab.html"


@pytest.mark.parametrize(("one", "other"), [("Cart", "cart"), ("shop/Cart", "shop/cart"), ("CART", "cArt")])
def test_names_that_differ_by_case_alone_have_files_of_their_own_on_every_disk(one: str, other: str) -> None:
    assert page_name(one).lower() != page_name(other).lower()


def test_what_waits_for_an_environment_has_a_page_that_no_release_takes() -> None:
    assert next_page("production") == "releases/next-production.html"
    assert next_page("Prod").lower() != next_page("prod")
    assert release_page("next-production") != next_page("production")


def test_nobody_takes_the_file_of_another_by_its_name() -> None:
    assert page_name(page_name("shop/cart")) != page_name("shop/cart")


def test_components_and_environments_have_folders_of_their_own() -> None:
    assert component_page("cart") == "components/cart.html"
    assert environment_page("eu.production") == "environments/eu.production.html"


def test_a_deployment_stands_where_its_number_says() -> None:
    assert deployment_place("staging-1") == "environments/part-1-staging.html#staging-1"
    assert deployment_place(f"eu-staging-{PART}") == f"environments/part-1-eu-staging.html#eu-staging-{PART}"
    assert deployment_place(f"staging-{PART + 1}") == f"environments/part-2-staging.html#staging-{PART + 1}"
    assert deployments_page("Staging", 1) != deployments_page("staging", 1)


def test_a_place_in_a_page_keeps_the_case_of_its_name() -> None:
    assert anchor("Production-1") == "Production-1"
    assert re.fullmatch(r"[A-Za-z0-9-]+", anchor("a b <script>"))
