"""Names of trailers in `assay.yaml`."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from generator.config.declared import Trailers


def test_each_trailer_has_a_name_without_configuration() -> None:
    trailers = Trailers()
    assert trailers.rollback == ("Rollback-of",)
    assert trailers.approval == ("Approved-by", "Reviewed-by")


def test_one_name_is_a_list_of_one_and_none_turns_it_off() -> None:
    trailers = Trailers.model_validate({"rollback": "Undoes", "hotfix": [], "fixes": None})
    assert (trailers.rollback, trailers.hotfix, trailers.fixes) == (("Undoes",), (), ("Fixes-deployment",))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"rollback": "Rollback of"}, "`Rollback of` is no name of a trailer"),
        ({"rollback": ""}, "`` is no name of a trailer"),
        ({"hotfix": ["Hotfix", "Hotfix"]}, "`Hotfix` stands twice"),
        ({"rollback": "Mends", "fixes": "mends"}, "`mends` stands under `rollback` and under `fixes`"),
        ({"undo": "Undo"}, "Extra inputs"),
    ],
)
def test_what_is_no_name_is_refused(said: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Trailers.model_validate(said)
