"""Amounts by stage, on real files: shares, a leaver's share, totals to the cent, what is left open."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from .conftest import losses

D = dt.date
TODAY = ("--as-of", "2026-03-20")
HEAD = ("Customer", "Rep", "Stage", "Commission", "Left on", "Signed on")
ROWS = [
    ("Ann", "Li", "gained", 10000.05, None, None),  # 3,000.015
    ("Bob", "Li", "签约首付", 333.33, None, None),  # 166.665
    ("Cid", "Wu", "paid", 1000, D(2026, 2, 1), D(2026, 3, 1)),  # left before it was signed: 30 % once paid
    ("Dee", "Wu", "signed", 1000, D(2026, 2, 1), D(2026, 3, 1)),  # the same, not paid yet
    ("Eve", "Wu", "gained", 1000, D(2026, 2, 1), None),  # not signed yet, so unsigned when Wu left
    ("Fay", "Wu", "papers", 1000, D(2026, 2, 1), D(2026, 2, 1)),  # signed on the last day
    ("Gus", "Wu", "papers", 1000, D(2026, 3, 21), None),  # leaves tomorrow
    ("Hal", "Wu", "papers", 1000, D(2026, 3, 20), None),  # left today; signed when?
    ("Ida", "Li", "sold", 1000, None, None),
    ("Jon", "Li", None, 1000, None, None),
    ("Kay", "Li", "paid", "many", None, None),
]
DUE = {"Ann": 3000.02, "Bob": 166.67, "Cid": 300, "Dee": 0, "Eve": 0, "Fay": 700, "Gus": 700}


def due(desk, *more, rows=ROWS, head=HEAD, lang="en"):
    return desk.done("amounts", desk.book([head, *rows]), *TODAY, "--lang", lang, *more)


def test_what_is_due(desk):
    done = due(desk)
    assert {deal["customer"]: deal["due"] for deal in done["deals"]} == DUE
    assert {deal["customer"]: deal["share"] for deal in done["deals"]} == {
        "Ann": 0.3, "Bob": 0.5, "Cid": 0.3, "Dee": 0, "Eve": 0, "Fay": 0.7, "Gus": 0.7,
    }  # fmt: skip
    assert [deal["customer"] for deal in done["deals"] if deal["leaver"]] == ["Cid", "Dee", "Eve"]
    assert done["deals"][1]["parts"] == {"gained": 100.0, "signed": 66.67}
    assert done["deals"][2]["parts"] == {"paid": 300.0}


def test_what_is_left_open_and_why(desk):
    words = {entry["customer"]: entry["reason"] for entry in due(desk)["open"]}
    assert list(words) == ["Hal", "Ida", "Jon", "Kay"]
    for name, said in {
        "Hal": "Signed on",
        "Ida": "sold is none of the stages",
        "Jon": "Stage",
        "Kay": "Commission",
    }.items():
        assert said in words[name]


def test_totals_add_up_to_the_cent(desk):
    done = due(desk)
    cents = {"Li": 316669, "Wu": 170000}
    assert {entry["rep"]: round(entry["due"] * 100) for entry in done["reps"]} == cents
    assert round(done["total"]["due"] * 100) == sum(cents.values()) == round(sum(DUE.values()) * 100)
    assert [(entry["stage"], entry["deals"], entry["due"]) for entry in done["reached"]] == [
        ("gained", 2, 3000.02),
        ("signed", 2, 166.67),
        ("papers", 2, 1400.0),
        ("paid", 1, 300.0),
    ]
    assert done["total"]["parts"] == {"gained": 3700.02, "signed": 466.67, "papers": 400.0, "paid": 300.0}
    assert round(sum(done["total"]["parts"].values()) * 100) == sum(cents.values())
    assert done["total"]["amount"] == 15333.38


def test_columns_that_are_named(desk):
    rows = [("Ann", "x", "signed", 200)]
    done = due(
        desk, "--map", "stage=How far", "--map", "amount=Pay", rows=rows, head=("Customer", "X", "How far", "Pay")
    )
    assert [(deal["due"], deal["rep"]) for deal in done["deals"]] == [(100.0, None)]


@pytest.mark.parametrize("lang, name, total", [("en", "Amounts", "Total"), ("zh", "分段金额", "合计")])
def test_a_sheet_of_our_own(lang, name, total, desk):
    path = desk.book([HEAD, *ROWS])
    done = due(desk, "-o", desk.path("one.xlsx"), lang=lang)
    assert done["written_sheet"] == name
    assert losses(path, desk.path("one.xlsx"), "Sheet1", "") == []
    sheet = openpyxl.load_workbook(desk.path("one.xlsx"))[name]
    sums = [[cell.value for cell in row] for row in sheet if row[0].value == total]
    assert [row[:4] for row in sums] == [[total, 7, 15333.38, 4866.69]] * 2
    (money,) = {row[3].number_format for row in sheet if row[0].value == total}
    assert money == "#,##0.00"


@pytest.mark.parametrize("head, field", [(("Customer", "Stage"), "amount"), (("Customer", "Commission"), "stage")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_column_that_is_missing(head, field, lang, desk):
    path = desk.book([("Rep", *head), ("Li", "Ann", "gained")])
    answer = desk.run("amounts", path, "--lang", lang)
    assert answer.code == 3
    assert f"--map {field}=" in answer.err


@pytest.mark.parametrize("lang, said", [("en", "pays nothing by stages"), ("zh", "没有分段金额")])
def test_a_model_without_phases(lang, said, desk):
    answer = desk.run("amounts", desk.book([HEAD, *ROWS]), "--model", "value-abc", "--lang", lang)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize("lang, said", [("en", ["4,866.69 due", "Left open"]), ("zh", ["应发 4,866.69", "未能计算"])])
def test_people_read_it_in_their_language(lang, said, desk):
    answer = desk.run("amounts", desk.book([HEAD, *ROWS]), *TODAY, "--lang", lang)
    assert answer.code == 0
    for words in said:
        assert words in answer.out


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "has no column for stage (Stage)"), ("zh", "没有 stage（成交阶段）这一列。请用 --map stage=表头")],
)
def test_a_column_that_is_missing_is_named_as_people_call_it_and_as_map_takes_it(lang, said, desk):
    answer = desk.run("amounts", desk.book([("Customer", "First visit"), ("a", 1)]), "--lang", lang)
    assert answer.code == 3
    assert said in answer.err
