from __future__ import annotations

import pytest

from generator.assurance.checks.stage_names import names_environment


@pytest.mark.parametrize(
    "host", ["staging", "db.staging.example.org", "staging-db", "DB.Staging.example.org", "db_staging.svc"]
)
def test_an_environment_is_a_word_of_a_host(host: str) -> None:
    assert names_environment(host, "staging")
    assert names_environment(host, "Staging")


@pytest.mark.parametrize("host", ["stagingdb.example.org", "my-stagings", "example.org", "", f"{'a' * 260}.staging"])
def test_a_part_of_a_word_is_none(host: str) -> None:
    assert not names_environment(host, "staging")


def test_a_name_of_several_words_has_to_be_there_in_one_piece() -> None:
    assert names_environment("db.eu-staging.example.org", "eu-staging")
    assert names_environment("db.eu.staging.example.org", "eu-staging")
    assert not names_environment("eu.db.staging.example.org", "eu-staging")
    assert not names_environment("db.example.org", "-")
