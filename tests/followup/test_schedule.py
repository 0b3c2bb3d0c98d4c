"""Every contact of the days to come: dates counted by hand on China's calendar of 2026 (see test_cadence).

16 March 2026 is a Monday; 15 to 23 February are off, 14 and 28 February (Saturdays) are worked.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.followup.cadence import next_dates
from tieraddin.followup.calendars import Calendar
from tieraddin.followup.schedule import FIRST, review_days, schedule
from tieraddin.models.load import find_model
from tieraddin.models.sections import Cadence
from tieraddin.tables.dates import NO_DAY

EPOCH = dt.date(1970, 1, 1)


def day(text):
    return NO_DAY if not text else (dt.date.fromisoformat(text) - EPOCH).days


def shown(number):
    return (EPOCH + dt.timedelta(days=int(number))).isoformat()[5:]


def days_of(*texts):
    return np.array([day(text) for text in texts], np.int64)


def listed(cadence, grade, last, as_of, days=14, first="", event="", calendar=None):
    """The contacts of one customer: channel, due, latest, planned, by month and day."""
    found = schedule(
        cadence, [grade], days_of(last), as_of=day(as_of), days=days, first_visit=days_of(first), event=days_of(event),
        calendar=calendar,
    )  # fmt: skip
    channels = [
        "first" if contact == FIRST else cadence.contacts[contact].channel for contact in found.contact.tolist()
    ]
    dates = zip(found.due, found.latest, found.planned, strict=True)
    return [" ".join([channel, *map(shown, three)]) for channel, three in zip(channels, dates, strict=True)]


DUTY = {
    "A: twice a week before opening day, each in its half of the week": (
        ("A", "2026-03-16", "2026-03-17"), {"event": "2026-06-01"},
        ["call 03-19 03-19 03-19", "call 03-23 03-23 03-23", "call 03-26 03-26 03-26", "call 03-30 03-30 03-30"],
    ),
    "A: within two days after opening day, weekly from there": (
        ("A", "2026-03-16", "2026-03-16"), {"event": "2026-03-19"},
        ["call 03-19 03-19 03-19", "call 03-20 03-20 03-20", "call 03-27 03-27 03-27"],  # the 21st is a Saturday
    ),
    "B: what waited for the end of National Day is counted from there": (
        ("B", "2026-09-27", "2026-09-30"), {},  # 1 to 7 October off, Saturday the 10th worked, Sunday the 11th not
        ["call 09-30 10-02 09-30", "call 10-08 10-08 10-08", "call 10-10 10-13 10-10"],
    ),
    "B: the same at Spring Festival": (
        ("B", "2026-02-13", "2026-02-13"), {},  # the 14th (Saturday) worked, the 15th to the 23rd off
        ["call 02-14 02-18 02-14", "call 02-24 02-24 02-24"],
    ),
    "A: opening day unknown": (
        ("A", "2026-03-16", "2026-03-17"), {}, ["call 03-23 03-23 03-23", "call 03-30 03-30 03-30"],
    ),
    "B: from the third to the fifth day": (
        ("B", "2026-03-16", "2026-03-17", 7), {}, ["call 03-19 03-21 03-19", "call 03-20 03-24 03-20"],  # the 22nd: off
    ),
    "B: open, to be made today; then from today": (
        ("B", "2026-03-16", "2026-03-20", 7), {},
        ["call 03-19 03-21 03-20", "call 03-23 03-25 03-23", "call 03-26 03-28 03-26"],
    ),
    "C: late, made today, then weekly from today": (
        ("C", "2026-03-02", "2026-03-17"), {},
        ["call 03-09 03-09 03-17", "call 03-24 03-24 03-24"],
    ),
    "C: late on a Sunday, made on Monday": (
        ("C", "2026-03-02", "2026-03-15", 7), {}, ["call 03-09 03-09 03-16"],
    ),
    "C: Spring Festival is not worked, the Saturday before is": (
        ("C", "2026-02-09", "2026-02-10", 21), {},
        ["call 02-14 02-14 02-14", "call 02-24 02-24 02-24", "call 03-02 03-02 03-02"],
    ),
    "A: of the contacts in Spring Festival one is left on either side": (
        ("A", "2026-02-12", "2026-02-13", 14), {"event": "2026-06-01"},
        ["call 02-14 02-14 02-14", "call 02-24 02-24 02-24", "call 02-26 02-26 02-26"],
    ),
    "never contacted: on the day of the visit, then as the grade asks": (
        ("B", "", "2026-03-17", 7), {"first": "2026-03-17"},
        ["first 03-17 03-17 03-17", "call 03-20 03-22 03-20", "call 03-23 03-25 03-23"],
    ),
    "never contacted, seen last week: late, today": (
        ("C", "", "2026-03-17", 8), {"first": "2026-03-10"}, ["first 03-10 03-10 03-17", "call 03-24 03-24 03-24"],
    ),
    "never contacted, expected on a Sunday": (
        ("C", "", "2026-03-17", 7), {"first": "2026-03-22"}, ["first 03-22 03-22 03-22"],
    ),
    "never contacted, no first visit": (("C", "", "2026-03-17"), {}, []),
    "D is not called": (("D", "2026-01-01", "2026-03-17"), {}, []),
    "no grade": ((None, "2026-01-01", "2026-03-17"), {}, []),
    "one day only: due on it": (("C", "2026-03-10", "2026-03-17", 1), {}, ["call 03-17 03-17 03-17"]),
    "one day only: due the day after": (("C", "2026-03-11", "2026-03-17", 1), {}, []),
}  # fmt: skip


@pytest.mark.parametrize("row, more, expected", DUTY.values(), ids=DUTY)
def test_followup_duty(row, more, expected):
    assert listed(find_model("followup-duty").model.cadence, *row, **more) == expected


LEVELS = {
    "strategic": ["visit 03-30 03-30 03-30"],
    "VIP": ["visit 03-23 03-23 03-23", "visit 03-30 03-30 03-30"],
    "key": ["visit 03-30 03-30 03-30"],
    "honoured": ["call 03-23 03-23 03-23", "call 03-30 03-30 03-30", "visit 03-30 03-30 03-30"],
    "model": [],
    "free": ["call 03-23 03-23 03-23", "call 03-30 03-30 03-30", "visit 03-30 03-30 03-30"],
    "new": ["visit 03-30 03-30 03-30"],
    "dormant": [],
}


@pytest.mark.parametrize("grade", LEVELS)
def test_each_channel_of_the_eight_levels_goes_its_own_way(grade):
    cadence = find_model("eight-levels").model.cadence
    assert listed(cadence, grade, "2026-03-16", "2026-03-17") == LEVELS[grade]


def test_a_year_of_duties_to_ranked_customers():
    cadence = find_model("rank-abc").model.cadence
    year = {grade: listed(cadence, grade, "2026-01-05", "2026-01-06", 365) for grade in "ABC"}
    assert year == {
        "A": ["meeting 07-06 07-06 07-06", *(f"{way} 01-05 01-05 01-05" for way in ("visit", "meeting", "letter"))],
        "B": ["meeting 01-05 01-05 01-05"],
        "C": [],
    }  # fmt: skip


def test_all_rows_at_once_are_as_each_alone():
    cadence = find_model("followup-duty").model.cadence
    rows = [(row, more) for row, more, _ in DUTY.values() if row[2] == "2026-03-17" and len(row) == 3]
    assert len(rows) > 5
    found = schedule(
        cadence, [row[0] for row, _ in rows], days_of(*(row[1] for row, _ in rows)), as_of=day("2026-03-17"), days=14,
        first_visit=days_of(*(more.get("first", "") for _, more in rows)),
        event=days_of(*(more.get("event", "") for _, more in rows)),
    )  # fmt: skip
    each = [listed(cadence, *row, **more) for row, more in rows]
    assert np.bincount(found.row, minlength=len(rows)).tolist() == [len(one) for one in each]
    assert [shown(due) for due in found.due] == [text.split()[1] for one in each for text in one]


def test_who_was_last_contacted_before_the_event_is_contacted_soon_after_it():
    cadence = Cadence.model_validate(
        {
            "event": "opening_day",
            "contacts": [
                {"grade": "A", "channel": "call", "every": 30, "when": "before_event"},
                {"grade": "A", "channel": "call", "every": 30, "when": "after_event", "after_event": 2},
            ],
        }
    )
    assert listed(cadence, "A", "2026-03-16", "2026-03-17", 40, event="2026-03-17") == [
        "call 03-19 03-19 03-19", "call 04-17 04-17 04-17"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "after, expected",
    [
        ({"every": 7, "after_event": 2}, ["visit 03-26 03-26 03-26", "visit 04-02 04-02 04-02"]),
        ({"every": 7}, ["visit 03-31 03-31 03-31", "visit 04-07 04-07 04-07"]),
    ],
)
def test_a_channel_that_begins_with_the_event(after, expected):
    contact = {"grade": "A", "channel": "visit", "when": "after_event", **after}
    cadence = Cadence.model_validate({"event": "opening_day", "contacts": [contact]})
    assert listed(cadence, "A", "2026-03-16", "2026-03-17", 22, event="2026-03-24") == expected
    assert listed(cadence, "A", "2026-03-16", "2026-03-17", 22) == []


def test_days_off_when_asked():
    cadence = find_model("followup-duty").model.cadence
    every_day = Calendar.of_every_day()
    assert listed(cadence, "B", "2026-03-19", "2026-03-20", 7, calendar=every_day) == [
        "call 03-22 03-24 03-22", "call 03-25 03-27 03-25"
    ]  # fmt: skip


def test_days_without_a_published_notice_are_told():
    cadence = find_model("followup-duty").model.cadence
    found = schedule(cadence, ["C"], days_of("2026-12-21"), as_of=day("2026-12-22"), days=21)
    assert found.plain_week.tolist() == [False, True, True]  # 28 December, 4 and 11 January


@pytest.mark.parametrize(
    "as_of, days, expected",
    [
        ("2026-03-12", 14, [("03-25", "03-30")]),  # its first day is the last of the list
        ("2026-03-11", 14, []),
        ("2026-03-27", 1, [("03-25", "03-30")]),
        ("2026-03-30", 14, [("03-25", "03-30")]),
        ("2026-03-31", 14, []),
        ("2028-03-20", 14, [("03-27", "03-30")]),  # 25 March 2028 is a Saturday
        ("2025-12-31", 365, [("03-25", "03-30")]),
        ("2026-03-30", 361, [("03-25", "03-30"), ("03-25", "03-30")]),  # to 25 March 2027
    ],
)
def test_the_yearly_review(as_of, days, expected):
    window = find_model("annual-composite").model.movement.review_window
    found = review_days(window, day(as_of), days, Calendar.of_country("CN"))
    assert [(shown(first), shown(last)) for first, last in found] == expected


@pytest.mark.parametrize(
    "window, as_of, days, expected",
    [
        (("12-28", "01-05"), "2025-12-29", 14, [("12-29", "01-05")]),  # 28 December 2025 is a Sunday
        (("12-28", "01-05"), "2026-01-05", 14, [("12-29", "01-05")]),
        (("02-25", "02-29"), "2026-02-20", 14, [("02-25", "02-28")]),
        (("02-25", "02-29"), "2028-02-20", 14, [("02-25", "02-29")]),
        (("03-25", "03-30"), "2025-12-31", 370, [("03-25", "03-30")]),  # the year between
    ],
)
def test_reviews_over_new_year_and_at_the_end_of_february(window, as_of, days, expected):
    found = review_days(window, day(as_of), days, Calendar.of_country("CN"))
    assert [(shown(first), shown(last)) for first, last in found] == expected


def test_a_model_without_a_review():
    assert review_days(None, day("2026-03-27"), 14, Calendar.of_country("CN")) == []


RHYTHMS = st.one_of(
    st.fixed_dictionaries({"every": st.integers(0, 20)}),
    st.fixed_dictionaries({"times": st.integers(1, 10), "per": st.sampled_from(["week", "month", "year"])}),
)
PERIODS = {"week": 7, "month": 30, "year": 365}


def counted_out(rhythm, last, as_of, end):
    """The planned days of one contact on a calendar of Monday to Friday, counted one by one."""

    def worked(d):
        return (EPOCH + dt.timedelta(days=d)).weekday() < 5

    def moved(d, after):
        back = d
        while not worked(back):
            back -= 1
        forth = d
        while not worked(forth):
            forth += 1
        return back if back > after else forth

    times, period = (rhythm["times"], PERIODS[rhythm["per"]]) if "times" in rhythm else (1, max(rhythm["every"], 1))
    today = moved(as_of, as_of - 1)
    planned, anchor, position, k = [], last, last, 0
    while True:
        k += 1
        nominal = anchor + k * period // times
        if nominal <= position:
            continue
        due = moved(nominal, position)
        if due > end:
            return planned
        position = due if due >= as_of else today
        if due < as_of:
            anchor, k = position, 0
        planned.append(position)


@given(rhythm=RHYTHMS, last=st.integers(20_000, 20_040), ahead=st.integers(-5, 40), days=st.integers(1, 40))
def test_any_rhythm_counted_one_by_one(rhythm, last, ahead, days):
    cadence = Cadence.model_validate({"contacts": [{"grade": "A", "channel": "call", **rhythm}]})
    plain = Calendar.of_rows([], [])
    as_of = last + ahead
    found = schedule(cadence, ["A"], np.array([last]), as_of=as_of, days=days, calendar=plain)
    assert found.planned.tolist() == counted_out(rhythm, last, as_of, as_of + days - 1)
    assert len(set(found.planned.tolist())) == len(found)
    assert np.isin((found.planned + 3) % 7, range(5)).all()
    assert (found.latest >= found.due).all()


@given(rhythm=RHYTHMS, last=st.integers(20_000, 20_040), count=st.integers(1, 12))
def test_the_next_dates_of_a_formula_are_those_of_the_list(rhythm, last, count):
    cadence = Cadence.model_validate({"contacts": [{"grade": "A", "channel": "call", **rhythm}]})
    plain = Calendar.of_rows([], [])
    dates = next_dates(cadence, ["A"], np.array([last]), count, calendar=plain)[:, 0]
    assert dates.tolist() == counted_out(rhythm, last, last, int(dates[-1]))


def test_the_next_dates_of_several_channels_are_told_once_a_day():
    cadence = find_model("eight-levels").model.cadence
    dates = next_dates(cadence, ["honoured", "model", "dormant"], days_of(*["2026-03-16"] * 3), 3)
    assert [[shown(d) if d != NO_DAY else "" for d in row] for row in dates.T] == [
        ["03-23", "03-30", "04-03"],  # 6 April is a day off (Qingming)
        ["04-15", "05-15", "06-12"],  # 14 June is a Sunday
        ["", "", ""],
    ]


def test_the_next_dates_are_days_that_a_cell_can_show():
    cadence, plain = find_model("followup-duty").model.cadence, Calendar.of_every_day()
    last = days_of("0001-01-01", "9999-12-22", "9999-12-31", "2026-03-16")
    dates = next_dates(cadence, ["A"] * 4, last, 2, calendar=plain)
    assert [[shown(d) if d != NO_DAY else "" for d in row] for row in dates.T] == [
        ["", ""], ["12-29", ""], ["", ""], ["03-23", "03-30"],
    ]  # fmt: skip
