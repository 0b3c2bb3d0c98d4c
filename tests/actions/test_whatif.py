"""The command whatif as a person uses it: small tables worked out by hand, larger ones by the long way."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actions.conftest import SALES, abc

TABLE = [["Customer", "Sales"], *SALES]
"""Running shares of 50, 80, 92, 97 and 100 %: A A B B C with cuts at 80 and 95 %, A B B C C at 70 and 90 %."""
CUTS = ["--option", "cuts=0.7,0.9"]


def test_who_moves_and_with_how_much_value(desk):
    book = desk.book(TABLE)
    before = desk.state()
    done = desk.done("whatif", book, "-m", "value-abc", *CUTS)
    assert done["now"]["counts"] == {"A": 2, "B": 2, "C": 1}
    assert done["then"]["counts"] == {"A": 2, "B": 1, "C": 2}
    assert done["moved"] == 1
    assert {(cell["from"], cell["to"]): cell["count"] for cell in done["matrix"]} == {
        ("A", "A"): 2, ("B", "B"): 1, ("B", "C"): 1, ("C", "C"): 1
    }  # fmt: skip
    assert done["customers"] == [{"row": 5, "customer": "Dee", "from": "B", "to": "C", "value": 50}]
    assert done["value"] == {"header": "Sales", "moved_share": pytest.approx(0.05)}
    assert done["contacts"] is None
    assert desk.state() == before


def test_the_contacts_that_it_adds_and_saves(desk):
    book = desk.book(TABLE)
    done = desk.done("whatif", book, "-m", "value-abc", *CUTS, "--cadence", "followup-duty")
    by = {(one["grade"], one["channel"]): (one["now"], one["then"]) for one in done["contacts"]}
    # A and C weekly, B every 3 days: Dee goes from B to C
    assert by == {
        ("A", "call"): (2, 2), ("B", "call"): (pytest.approx(14 / 3), pytest.approx(7 / 3)), ("C", "call"): (1, 2)
    }  # fmt: skip


def test_now_is_what_the_last_logged_run_said(desk):
    book = desk.book(TABLE)
    desk.done("retier", book, "-m", "value-abc", "--option", "cuts=0.4,0.9", "--option", "crossing=out", "--in-place")
    done = desk.done("whatif", book, "-m", "value-abc", "--option", "crossing=in")
    assert done["now"]["options"] == {"cuts": "0.4,0.9", "crossing": "out"}
    assert done["then"]["options"] == {"cuts": "0.4,0.9", "crossing": "in"}
    desk.done("restore", book)
    assert desk.done("whatif", book, "-m", "value-abc", *CUTS)["now"]["options"] == {}
    assert desk.done("whatif", book, "-m", "rank-abc", "--option", "top_shares=0.2,0.4")["now"]["options"] == {}


def test_another_model(desk):
    rows = [[f"C{i}", 100 - i] for i in range(20)]
    book = desk.book([["Customer", "Sales"], *rows])
    done = desk.done("whatif", book, "-m", "value-abc", "--with-model", "rank-abc")
    now = abc([value for _, value in rows])
    then = ["A"] + ["B"] * 3 + ["C"] * 16  # the top 5 % and 20 % of 20
    assert {(c["from"], c["to"]): c["count"] for c in done["matrix"]} == Counter(zip(now, then, strict=True))
    assert (done["now"]["model"], done["then"]["model"]) == ("value-abc", "rank-abc")
    moved = [i for i in range(20) if now[i] != then[i]]
    assert [one["row"] for one in done["customers"]] == [i + 2 for i in moved]
    share = sum(rows[i][1] for i in moved) / sum(value for _, value in rows)
    assert done["value"]["moved_share"] == pytest.approx(share)
    option = desk.done("whatif", book, "-m", "value-abc", "--with-model", "rank-abc", "--option", "top_shares=0.5,0.6")
    assert option["then"]["counts"] == {"A": 10, "B": 2, "C": 8}
    assert option["now"]["options"] == {}


def test_models_that_read_different_columns(desk):
    header = ["Customer", "Sales", "Loss ratio"]
    book = desk.book([header, ["Ann", 500, 0.5], ["Bob", 300, 0.8], ["Cid", None, 0.7]])
    done = desk.done("whatif", book, "-m", "value-abc", "--with-model", "loss-ratio")
    assert {(cell["from"], cell["to"]): cell["count"] for cell in done["matrix"]} == {
        ("A", "target"): 1, ("A", "high"): 1, (None, "ordinary"): 1
    }  # fmt: skip
    back = desk.done("whatif", book, "-m", "loss-ratio", "--with-model", "value-abc", "--map", "value=Sales")
    assert back["value"] is None  # a ratio is no amount of money


def test_the_rhythm_goes_by_the_opening_day(desk):
    rows = [
        ["Ann", 500, dt.date(2026, 6, 1), dt.date(2026, 3, 16)],
        ["Bob", 30, dt.date(2026, 6, 1), dt.date(2026, 3, 16)],
    ]
    book = desk.book([["Customer", "Sales", "Opening day", "Last contact"], *rows])
    asked = ["-m", "value-abc", "--option", "cuts=0.97,0.99", "--cadence", "followup-duty", "--as-of"]
    early = desk.done("whatif", book, *asked, "2026-03-17")["contacts"]
    later = desk.done("whatif", book, *asked, "2026-06-02")["contacts"]
    assert [one["then"] for one in early if one["grade"] == "A"] == [4]  # before: twice a week each
    assert [one["then"] for one in later if one["grade"] == "A"] == [2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    values=st.lists(st.integers(1, 50), min_size=1, max_size=30),
    cuts=st.tuples(st.integers(5, 60), st.integers(61, 95)),
)
def test_any_table_against_the_long_way(desk, values, cuts):
    book = desk.book([["Customer", "Sales"], *([f"C{i}", value] for i, value in enumerate(values))])
    asked = tuple(cut / 100 for cut in cuts)
    done = desk.done("whatif", book, "-m", "value-abc", "--option", f"cuts={asked[0]},{asked[1]}")
    pairs = list(zip(abc(values), abc(values, asked), strict=True))
    assert {(cell["from"], cell["to"]): cell["count"] for cell in done["matrix"]} == Counter(pairs)
    moved = [value for value, (old, new) in zip(values, pairs, strict=True) if old != new]
    assert done["moved"] == len(done["customers"]) == len(moved)
    assert done["value"]["moved_share"] == pytest.approx(sum(moved) / sum(values))


@pytest.mark.parametrize(
    "lang, said", [("en", "1 of 5 customers would move (20.0%)"), ("zh", "5 位客户中有 1 位等级会变（20.0%）")]
)
def test_what_people_read(desk, lang, said):
    answer = desk.run(
        "whatif", desk.book(TABLE), "-m", "value-abc", *CUTS, "--cadence", "followup-duty", "--lang", lang
    )
    assert answer.code == 0
    assert said in answer.out
    assert "Dee" in answer.out
    assert "-1.33" in answer.out  # contacts a week: from 7/3 to 1


REFUSED = {
    "nothing asked": ([], "--with-model"),
    "an unknown option": (["--option", "cut=0.5"], "cuts"),
    "a value it can't take": (["--option", "cuts=high"], "cuts"),
    "an unknown model": (["--with-model", "no-such-model"], "no-such-model"),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("more, named", REFUSED.values(), ids=REFUSED)
def test_refusals(desk, more, named, lang):
    answer = desk.run("whatif", desk.book(TABLE), "-m", "value-abc", *more, "--lang", lang)
    assert answer.code == 2
    assert named in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_nobody_moves_nothing_is_said_of_their_value(lang, desk):
    book = desk.book([("Customer", "Sales"), *((f"c{k}", 7) for k in range(5))])
    shown = desk.run("whatif", book, "--model", "value-abc", "--option", "cuts=0.7,0.9", "--lang", lang).out
    assert "Sales" not in shown
