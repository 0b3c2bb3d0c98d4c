"""Who holds which customer, on real files: warnings, releases, candidates, and the sheet that says so."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import losses

D = dt.date
TODAY = ("--as-of", "2026-03-20")
HEAD = ("Customer", "Rep", "First visit", "First call-back", "Last call-back", "Asked by name", "Forgot", "Region")
CALLED = (D(2026, 3, 1), D(2026, 3, 2))
ROWS = [
    ("Ann", "Li", D(2026, 3, 20), None, None, None, None, "East"),  # held
    ("Bob", "Li", D(2026, 3, 16), None, None, None, None, "East"),  # warned: day 4; released on the 26th
    ("Cid", "Wu", D(2026, 3, 10), None, None, None, None, "East"),  # released today: day 10
    ("Dee", "Wu", *CALLED, D(2026, 3, 7), None, None, "West"),  # warned: day 13; released on the 23rd
    ("Eve", "Xu", *CALLED, D(2026, 3, 4), None, None, "West"),  # released today: day 16
    ("Fay", "Xu", D(2026, 1, 1), None, None, "yes", None, "East"),  # held: asked by name
    ("Gus", "Xu", D(2026, 3, 19), None, None, None, "yes", "North"),  # released: forgot
    ("Hal", "Li", None, None, None, None, None, "East"),  # not known; Li has him all the same
]


def owned(desk, *more, rows=ROWS, head=HEAD, lang="en"):
    return desk.done("ownership", desk.book([head, *rows]), *TODAY, "--lang", lang, *more)


def test_states_and_days(desk):
    done = owned(desk)
    assert done["counts"] == {"held": 2, "warned": 2, "released": 3}
    assert [(w["customer"], w["rep"], w["release_on"], w["days_left"]) for w in done["warned"]] == [
        ("Dee", "Wu", "2026-03-23", 3),
        ("Bob", "Li", "2026-03-26", 6),
    ]
    assert [(r["customer"], r["released_on"], r["days_ago"]) for r in done["released"]] == [
        ("Gus", None, None),
        ("Cid", "2026-03-20", 0),
        ("Eve", "2026-03-20", 0),
    ]
    assert [entry["row"] for entry in done["unknown"]] == [9]
    assert [(rep["rep"], rep["holds"], rep["warned"], rep["released"]) for rep in done["reps"]] == [
        ("Li", 3, 1, 0),
        ("Wu", 1, 1, 1),
        ("Xu", 1, 0, 2),
    ]


def candidates(done):
    return {entry["customer"]: entry["candidates"] for entry in done["released"]}


@pytest.mark.parametrize(
    "options, wanted",
    [
        ((), {"Cid": ["Wu", "Xu", "Li"], "Eve": ["Wu", "Xu"], "Gus": ["Xu"]}),
        (("cap=3",), {"Cid": ["Wu", "Xu"], "Eve": ["Wu", "Xu"], "Gus": ["Xu"]}),
        (("cap=4",), {"Cid": ["Wu", "Xu", "Li"], "Eve": ["Wu", "Xu"], "Gus": ["Xu"]}),
        (("cap=1",), {"Cid": [], "Eve": [], "Gus": []}),
        (("reclaim_days=0",), {"Cid": ["Wu", "Xu", "Li"], "Eve": ["Wu", "Xu"], "Gus": ["Xu"]}),
        (("reclaim_days=1",), {"Cid": ["Xu", "Li"], "Eve": ["Wu"], "Gus": []}),
        (("reclaim_days=30", "cap=2"), {"Cid": ["Xu"], "Eve": ["Wu"], "Gus": []}),
    ],
)
def test_to_whom_they_could_go(options, wanted, desk):
    asked = [word for option in options for word in ("--option", option)]
    assert candidates(owned(desk, *asked)) == wanted


def test_without_regions_all_reps_are_candidates(desk):
    done = owned(desk, rows=[row[:-1] for row in ROWS], head=HEAD[:-1])
    assert candidates(done) == {name: ["Wu", "Xu", "Li"] for name in ("Cid", "Eve", "Gus")}


@pytest.mark.parametrize(
    "released_on, days, barred",
    [
        (D(2026, 3, 10), 11, True),  # until the 20th: the 21st is free
        (D(2026, 3, 10), 10, False),
        (D(2026, 3, 20), 1, True),
        (None, 1, True),  # lost on a day not known: as of the release
    ],
)
def test_who_lost_a_customer_may_not_take_it_again_for_a_while(released_on, days, barred, desk):
    head = (*HEAD, "Released by", "Released on")
    rows = [(*row, "Li", released_on) if row[0] == "Cid" else row for row in ROWS]
    done = owned(desk, "--option", f"reclaim_days={days}", rows=rows, head=head)
    assert ("Li" not in candidates(done)["Cid"]) == barred
    assert "Wu" not in candidates(done)["Cid"]


def test_over_the_cap(desk):
    done = owned(desk, "--option", "cap=2")
    assert [(rep["rep"], rep["room"], rep["over"]) for rep in done["reps"]] == [
        ("Li", 0, 1),
        ("Wu", 1, 0),
        ("Xu", 1, 0),
    ]


REPS = st.sampled_from(["Li", "Wu", "Xu", "Yu", None])
TABLES = st.lists(
    st.tuples(REPS, st.dates(D(2026, 3, 1), D(2026, 3, 20)), st.sampled_from(["East", "West", None])),
    min_size=1, max_size=15,
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES, st.integers(1, 4))
def test_candidates_are_below_the_cap(desk, table, cap):
    """By the rule itself: without a call-back a customer is released on the tenth day."""
    rows = [(f"c{k}", rep, visit, region) for k, (rep, visit, region) in enumerate(table)]
    done = owned(desk, "--option", f"cap={cap}", rows=rows, head=("Customer", "Rep", "First visit", "Region"))
    held = Counter(rep for rep, visit, _ in table if (D(2026, 3, 20) - visit).days < 10)
    assert done["counts"]["released"] == sum((D(2026, 3, 20) - visit).days >= 10 for _, visit, _ in table)
    regions = {f"c{k}": region for k, (_, _, region) in enumerate(table)}
    for entry in done["released"]:
        region = regions[entry["customer"]]
        local = {rep for rep, _, where in table if rep and (region is None or where == region)}
        assert set(entry["candidates"]) == {rep for rep in local if held[rep] < cap}
        loads = [held[rep] for rep in entry["candidates"]]
        assert loads == sorted(loads)


@pytest.mark.parametrize(
    "lang, name, said",
    [
        ("en", "Ownership", ["Warned: about to be released", "Could go to"]),
        ("zh", "客户归属", ["预警：即将释放", "可交给"]),
    ],
)
def test_a_sheet_of_our_own_that_is_renewed(lang, name, said, desk):
    path = desk.book([HEAD, *ROWS])
    done = owned(desk, "-o", desk.path("one.xlsx"), lang=lang)
    assert done["written_sheet"] == name
    assert losses(path, desk.path("one.xlsx"), "Sheet1", "") == []
    found = {cell.value for row in openpyxl.load_workbook(desk.path("one.xlsx"))[name] for cell in row}
    assert found >= {*said, "Dee", "Eve", dt.datetime(2026, 3, 23)}
    again = desk.done(
        "ownership", desk.path("one.xlsx"), "--as-of", "2026-03-01", "-o", desk.path("two.xlsx"), "--lang", lang
    )
    assert again["written_sheet"] == name
    book = openpyxl.load_workbook(desk.path("two.xlsx"))
    assert book.sheetnames == ["Sheet1", name]
    assert dt.datetime(2026, 3, 23) not in {cell.value for row in book[name] for cell in row}


def test_in_place_keeps_a_copy_and_nobody_is_reassigned(desk):
    done = owned(desk, "--in-place")
    assert done["backup"]
    rows = list(openpyxl.load_workbook(done["output"])["Sheet1"].values)
    assert [row[1] for row in rows[1:]] == [row[1] for row in ROWS]


def test_a_preview_writes_nothing(desk):
    path = desk.book([HEAD, *ROWS])
    before = desk.state()
    assert desk.run("ownership", path, *TODAY).code == 0
    assert desk.state() == before


@pytest.mark.parametrize(
    "lang, said",
    [("en", ["2 warned", "Could go to", "nobody has room"]), ("zh", ["预警 2 位", "可交给", "无人可接手"])],
)
def test_people_read_it_in_their_language(lang, said, desk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    answer = desk.run("ownership", desk.book([HEAD, *ROWS]), *TODAY, "--option", "cap=1", "--lang", lang)
    assert answer.code == 0
    for words in said:
        assert words in answer.out


def test_without_a_column_of_reps(desk):
    done = owned(desk, rows=[(row[0], *row[2:]) for row in ROWS], head=(HEAD[0], *HEAD[2:]))
    assert done["reps"] == []
    assert any("--map rep=" in note for note in done["notes"])


@pytest.mark.parametrize("lang, said", [("en", "does not say who holds"), ("zh", "没有客户归属规则")])
def test_a_model_that_does_not_say(lang, said, desk):
    answer = desk.run("ownership", desk.book([HEAD, *ROWS]), "--model", "value-abc", "--lang", lang)
    assert answer.code == 2
    assert said in answer.err
    assert "client-ownership" in answer.err


@pytest.mark.parametrize("lang, said", [("en", "first_visit (First visit)"), ("zh", "first_visit（首访日期）")])
def test_a_table_without_any_date_is_refused_at_once(lang, said, desk):
    answer = desk.run("ownership", desk.book([("Customer", "Rep"), ("a", "Li")]), "--lang", lang)
    assert answer.code == 3
    assert said in answer.err
    assert answer.err.count("\n") == 1
    one = desk.book([("Customer", "Rep", "Asked by name"), ("a", "Li", "yes")])
    assert desk.done("ownership", one)["counts"]["held"] == 1
