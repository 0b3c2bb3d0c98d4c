"""Working days of countries and of a company's own calendar."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.errors import UsageError
from tieraddin.followup.calendars import NO_CONTACT, Calendar, years_of

CHINA = Calendar.of_country()


def day(iso: str) -> int:
    return int(np.datetime64(iso, "D").astype(np.int64))


def iso(days: np.ndarray) -> list[str]:
    return np.asarray(days).astype("datetime64[D]").astype(str).tolist()


@pytest.mark.parametrize(
    "date, works",
    [
        ("2026-01-01", False),
        ("2026-01-04", True),  # a Sunday worked to make up for 2 January
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-16", False),
        ("2026-02-24", True),
        ("2026-10-01", False),
        ("2026-10-10", True),
        ("2026-11-21", False),
        ("2026-11-23", True),
        ("2027-01-01", True),  # a Friday: no notice, so the plain week
        ("2027-01-02", False),
    ],
)
def test_days_of_china(date, works):
    assert CHINA.is_workday(day(date)) == works


@pytest.mark.parametrize("year, known", [(2000, False), (2001, True), (2020, True), (2026, True), (2027, False)])
def test_years_with_a_notice(year, known):
    assert CHINA.known(year) == known


def test_years_without_a_notice_are_named():
    asked = [day(date) for date in ("2026-12-31", "2028-01-01", "2027-06-30", "2027-01-01")]
    assert CHINA.unknown_years(asked) == [2027, 2028]


@pytest.mark.parametrize(
    "start, by, end",
    [
        ("2026-09-30", 1, "2026-10-08"),  # over the National Day holiday
        ("2026-09-30", 3, "2026-10-10"),  # onto the Saturday that makes up for it
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-03"),
        ("2026-12-31", 1, "2027-01-01"),
        ("2026-12-31", 2, "2027-01-04"),
    ],
)
def test_shift_in_china(start, by, end):
    assert iso(CHINA.shift(day(start), by)) == end


@pytest.mark.parametrize(
    "date, contact, moved",
    [
        ("2026-10-03", "2026-09-20", "2026-09-30"),  # to the working day before
        ("2026-10-03", "2026-09-30", "2026-10-08"),  # which is not after the contact: to the one after
        ("2026-10-03", "2026-10-02", "2026-10-08"),
        ("2026-10-03", None, "2026-09-30"),
        ("2026-09-30", "2026-09-30", "2026-09-30"),  # a working day stays
        ("2026-10-10", None, "2026-10-10"),  # and so does a make-up Saturday
        ("2027-01-02", "2026-12-30", "2027-01-01"),
    ],
)
def test_a_day_off_moves(date, contact, moved):
    assert iso(CHINA.move_to_workday(day(date), day(contact) if contact else NO_CONTACT)) == moved


def test_many_at_once():
    dates = np.array([day("2026-10-03"), day("2026-10-04"), day("2026-10-09")])
    contacts = np.array([day("2026-09-30"), NO_CONTACT, NO_CONTACT])
    assert iso(CHINA.move_to_workday(dates, contacts)) == ["2026-10-08", "2026-09-30", "2026-10-09"]
    assert CHINA.between(dates, day("2026-10-10")).tolist() == [3, 3, 2]
    for nothing in (CHINA.shift([], 1), CHINA.is_workday([]), CHINA.between([], []), CHINA.move_to_workday([])):
        assert len(nothing) == 0


def test_a_blank_is_no_day():
    for ask in (CHINA.shift, CHINA.between):
        with pytest.raises(ValueError, match="blank"):
            ask([day("2026-10-03"), NO_CONTACT], 1)


def test_a_calendar_of_ones_own():
    own = Calendar.of_rows([day("2027-01-01"), day("2027-01-02")], [False, True], name="stocktaking")
    assert own.is_workday([day(f"2027-01-0{d}") for d in range(1, 5)]).tolist() == [False, True, False, True]
    assert own.known(2027)
    assert own.unknown_years([day("2026-06-01"), day("2027-06-01")]) == [2026]
    assert iso(own.shift(day("2026-12-31"), 1)) == "2027-01-02"
    assert Calendar.of_rows([], []).is_workday(day("2026-10-01"))


@pytest.mark.parametrize(
    "code, date, works",
    [
        ("de", "2026-05-01", False),
        ("DE", "2026-05-02", False),  # a Saturday
        ("DE", "2026-05-04", True),
        ("US", "2026-07-03", False),  # the 4th falls on a Saturday
        ("SA", "2026-05-08", False),  # a Friday
        ("SA", "2026-05-10", True),  # a Sunday
    ],
)
def test_other_countries(code, date, works):
    country = Calendar.of_country(code)
    assert country.name == code.upper()
    assert country.known(2026)
    assert country.is_workday(day(date)) == works


def test_years_with_estimated_feasts_are_not_known():
    singapore = Calendar.of_country("SG")
    assert singapore.known(2024)
    assert not singapore.known(2040)
    assert not Calendar.of_country("DE").known(9999)


@pytest.mark.parametrize("code", ["XX", "China", ""])
def test_a_country_that_is_none(code):
    with pytest.raises(UsageError) as caught:
        Calendar.of_country(code)
    assert caught.value.facts == {"code": code}
    assert "CN" in caught.value.sentence("en")
    assert "日历" in caught.value.sentence("zh")


@settings(deadline=None)
@given(st.lists(st.integers(day("1999-06-01"), day("2029-06-01")), min_size=1, max_size=20), st.integers(-700, 700))
def test_shift_and_between_agree(starts, by):
    start = np.array(starts, np.int64)
    end = CHINA.shift(start, by)
    if by:
        assert CHINA.is_workday(end).all()
        assert CHINA.between(start, end).tolist() == (np.sign(by) * (abs(by) + CHINA.is_workday(start))).tolist()


@given(st.dates())
def test_the_year_of_a_day(date):
    assert years_of((date - dt.date(1970, 1, 1)).days) == date.year
