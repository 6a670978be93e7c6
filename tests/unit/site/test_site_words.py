import pytest

from generator.site.words import Calendar, artifact, before, counted, epoch, listed, month_name, span, value, version

NOW = "2026-08-21T16:45:00Z"


def test_a_moment_has_its_weekday_and_its_age_before_the_report() -> None:
    moment = Calendar(NOW).moment("2026-08-18T16:45:00Z")
    assert moment.text == "Tue 2026-08-18 16:45 UTC"
    assert moment.age == "3 days before this report"


def test_a_moment_of_another_zone_is_shown_in_utc() -> None:
    assert Calendar(NOW).moment("2026-08-18T18:45:00+02:00").text == "Tue 2026-08-18 16:45 UTC"


@pytest.mark.parametrize("iso", ["", "318857-01-01T00:00:00Z", "yesterday"])
def test_a_time_that_is_none_is_unknown(iso: str) -> None:
    assert Calendar(NOW).moment(iso) == ("", "unknown", "")


def test_a_report_without_a_time_has_no_ages() -> None:
    assert Calendar("").moment(NOW).age == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (26 * 60, "26 min"),
        (3 * 3600 + 20 * 60, "3 h 20 min"),
        (9 * 3600, "9 h"),
        (26 * 3600, "26 h"),
        (1204 * 86400, "1,204 days"),
        (-60, "minus 1 min"),
    ],
)
def test_spans_are_named_in_the_units_a_person_would_use(seconds: int, words: str) -> None:
    assert span(seconds) == words


def test_what_is_newer_than_the_report_is_after_it() -> None:
    assert before(-3600) == "1 h after this report"
    assert before(0) == "at the time of this report"


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("registry.example:5000/shop/cart:1.10", ("registry.example:5000/shop/cart", "1.10")),
        ("cart@sha256:" + "ab" * 32, ("cart", "abababababab")),
        ("cart:2.0@sha256:" + "ab" * 32, ("cart", "2.0")),
        ("cart:" + "c0ffee12" * 5, ("cart", "c0ffee12c0ff")),
        ("cart:" + "c0ffee12" * 4, ("cart", "c0ffee12" * 4)),
        ("registry.example:5000/cart", ("registry.example:5000/cart", "")),
        ("release-20240131", ("release-20240131", "")),
        ("a b: c", ("a b: c", "")),
        ("x:" * 5000, ("x:" * 5000, "")),
    ],
)
def test_an_artifact_falls_into_its_name_and_its_version(raw: str, parts: tuple[str, str]) -> None:
    assert artifact(raw) == parts


def test_the_version_of_what_is_no_image_is_all_of_it() -> None:
    assert version("3.10") == "3.10"


def test_an_absent_value_is_not_an_empty_one() -> None:
    assert value(None) == ("absent", "absent", "")
    assert value("").text == "empty text"


def test_a_value_shows_control_and_direction_characters() -> None:
    assert value("a\u202eb\nc").text == "a\\u202eb\\nc"


def test_a_long_value_is_cut_and_kept_behind_it() -> None:
    cut = value("x" * 5000)
    assert cut.state == "long"
    assert len(cut.text) == 160
    assert len(cut.full) == 2001


def test_counts_and_lists_read_as_sentences() -> None:
    assert [counted(n, "change") for n in (0, 1, 2000)] == ["no changes", "1 change", "2,000 changes"]
    assert listed([]) == ""
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_a_month_has_a_name_also_where_there_is_none() -> None:
    assert month_name("2026-08") == "August 2026"
    assert month_name("") == "without a usable date"


def test_the_epoch_fits_where_it_is_written() -> None:
    assert epoch("1970-01-02T00:00:00Z") == 86400
    assert epoch("1950-01-01T00:00:00Z") == 0
    assert epoch("") == 0
    assert epoch("9999-01-01T00:00:00Z") == 2**32 - 1
