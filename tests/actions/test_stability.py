"""``tieraddin stability``: two periods of transactions, judged by hand and, on real invoices, by pandas."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from .conftest import SHARED, Desk, abc

INVOICES = SHARED / "data" / "uci_online_retail_invoices_derived.csv"
COLUMNS = ("--id", "Customer", "--date", "Date", "--amount", "Amount")
# January: Ann 80 (A), Bob 15 (B), Cid 5 (C). February: Ann 10 (B), Bob 85 (A), Dee 5 (C).
SALES = [
    ("Ann", "2026-01-05", 50), ("Ann", "2026-01-06", 30), ("Bob", "2026-01-07", 15), ("Cid", "2026-01-31", 5),
    ("Ann", "2026-02-01", 10), ("Bob", "2026-02-02", 85), ("Dee", "2026-02-03", 5), ("Dee", "not known", 5),
]  # fmt: skip


@pytest.fixture
def sales(desk: Desk) -> Any:
    desk.path("sales.csv").write_text("Customer,Date,Amount\n" + "".join(f"{a},{b},{c}\n" for a, b, c in SALES))
    return desk.path("sales.csv")


def test_two_periods_by_hand(desk: Desk, sales: Any) -> None:
    done = desk.done("stability", sales, "--model", "value-abc", *COLUMNS, "--split", "2026-02-01")
    assert [(p["first"], p["last"], p["transactions"], p["customers"], p["value"]) for p in done["periods"]] == [
        ("2026-01-05", "2026-01-31", 4, 3, 100),
        ("2026-02-01", "2026-02-03", 3, 3, 100),
    ]
    there = {(row, column): n for row, columns in done["matrix"].items() for column, n in columns.items() if n}
    assert there == {("A", "B"): 1, ("B", "A"): 1, ("C", "absent"): 1, ("absent", "C"): 1}
    assert [(k["customers"], k["stayed"], k["gone"], k["before"], k["after"]) for k in done["kept"]] == [
        (1, 0, 0, 80, 10),
        (1, 0, 0, 15, 85),
        (1, 0, 1, 5, 0),
    ]
    assert [k["share"] for k in done["kept"]] == pytest.approx([10 / 95, 85 / 95, 0])
    assert [k["expected"] for k in done["kept"]] == pytest.approx([1 / 3] * 3)
    assert (done["graded_twice"], done["stayed"], done["expected_stayed"], done["value_of_new"]) == (2, 0, 1, 5)


def test_without_days_the_middle_parts_the_time(desk: Desk, sales: Any) -> None:
    done = desk.done("stability", sales, "--model", "value-abc", *COLUMNS)
    # 5 January to 3 February are 30 days
    assert [p["first"] for p in done["periods"]] == ["2026-01-05", "2026-01-20"]
    inner = ("--from", "2026-01-06", "--until", "2026-02-02", "--split", "2026-01-31")
    done = desk.done("stability", sales, "--model", "value-abc", *COLUMNS, *inner)
    assert [(p["first"], p["last"], p["transactions"]) for p in done["periods"]] == [
        ("2026-01-06", "2026-01-30", 2),
        ("2026-01-31", "2026-02-02", 3),
    ]


def test_a_workbook_of_transactions_gives_the_same(desk: Desk, sales: Any) -> None:
    book = openpyxl.Workbook()
    for row in [("Customer", "Date", "Amount"), *SALES]:
        book.active.append(row)
    book.save(desk.path("sales.xlsx"))
    split = ("--split", "2026-02-01")
    command = ("--model", "value-abc", *COLUMNS, *split)
    assert desk.done("stability", desk.path("sales.xlsx"), *command) == desk.done("stability", sales, *command)


@pytest.mark.parametrize("lang, word", [("en", "gone"), ("zh", "流失")])
def test_people_read_a_matrix(desk: Desk, sales: Any, lang: str, word: str) -> None:
    answer = desk.run("stability", sales, "--model", "value-abc", *COLUMNS, "--split", "2026-02-01", "--lang", lang)
    assert answer.code == 0
    assert word in answer.out
    assert "33.3%" in answer.out


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "arguments, code, key",
    [
        (["--split", "2025-01-01"], 2, "stability.days_out_of_order"),
        (["--split", "2026-01-05"], 2, "stability.days_out_of_order"),
        (["--split", "2026-02-04"], 2, "stability.days_out_of_order"),
        (["--until", "2026-06-01", "--split", "2026-05-01"], 2, "stability.empty_period"),
        (["--split", "sometime"], 2, "cli.not_a_date"),
        (["--model", "trade-abc"], 2, "stability.needs_more"),
        (["--model", "opening-grid"], 2, "stability.needs_more"),
        (["--date", "Customer"], 3, "stability.no_dates"),
        (["--id", "Nobody"], 2, "actions.unknown_header"),
    ],
)
def test_what_can_not_be_compared_is_told(
    desk: Desk, sales: Any, arguments: list[str], code: int, key: str, lang: str
) -> None:
    command = ("--model", "value-abc", *COLUMNS, *arguments)
    answer = desk.run("stability", sales, *command, "--json", "--lang", lang)
    assert (answer.code, answer.json["key"]) == (code, key)


def test_one_customer_and_customers_all_alike_say_nothing(desk: Desk) -> None:
    for count in (1, 4):
        rows = [f"c{k},2026-0{month}-01,10\n" for month in (1, 2) for k in range(count)]
        desk.path("same.csv").write_text("Customer,Date,Amount\n" + "".join(rows))
        done = desk.done("stability", desk.path("same.csv"), "--model", "value-abc", *COLUMNS, "--lang", "en")
        assert (done["graded_twice"], done["stayed"], done["grade_correlation"]) == (count, count, None)
        assert any(said.startswith("Nothing can be said") for said in done["said"])


@pytest.mark.skipif(not INVOICES.is_file(), reason="the shared folder with the UCI invoices is not there")
@pytest.mark.parametrize("split", ["2011-06-06", "2011-09-01"])
def test_real_invoices_come_to_what_pandas_finds(desk: Desk, split: str) -> None:
    done = desk.done(
        "stability", INVOICES, "--model", "value-abc", "--id", "CustomerID", "--date", "InvoiceDate", "--amount",
        "amount_gbp", "--split", split,
    )  # fmt: skip
    frame = pd.read_csv(INVOICES, parse_dates=["InvoiceDate"]).dropna(subset=["CustomerID"])
    later = frame["InvoiceDate"] >= pd.Timestamp(dt.date.fromisoformat(split))
    sums = [part.groupby("CustomerID")["amount_gbp"].sum().round(4) for part in (frame[~later], frame[later])]
    grades = [pd.Series(abc(part.tolist()), part.index) for part in sums]
    both = pd.concat(grades, axis=1).fillna("absent")
    expected = pd.crosstab(both[0], both[1])
    for before in ("A", "B", "C", "absent"):
        for after in ("A", "B", "C", "absent"):
            there = expected.loc[before].get(after, 0) if before in expected.index else 0
            assert done["matrix"][before][after] == there, (before, after)
    old = sums[1].reindex(sums[0].index).fillna(0).clip(lower=0)
    shares = old.groupby(grades[0]).sum() / old.sum()
    assert [kept["share"] for kept in done["kept"]] == pytest.approx(shares[["A", "B", "C"]].tolist())
    sizes = grades[0].value_counts(normalize=True)
    assert [kept["expected"] for kept in done["kept"]] == pytest.approx(sizes[["A", "B", "C"]].tolist())
    ranks = pd.DataFrame({"x": sums[0], "y": old}).rank()
    assert done["value_correlation"] == pytest.approx(np.corrcoef(ranks["x"], ranks["y"])[0, 1])
    twice = both[(both != "absent").all(axis=1)]
    assert done["stayed"] == (twice[0] == twice[1]).sum()
    # chance, by drawing: the share of as many customers as had an A
    draw = np.random.default_rng(5)
    drawn = [old.sample(int((grades[0] == "A").sum()), random_state=draw).sum() / old.sum() for _ in range(400)]
    a = done["kept"][0]
    assert a["expected"] == pytest.approx(np.mean(drawn), abs=4 * a["deviation"] / 20)
    assert a["deviation"] == pytest.approx(np.std(drawn), rel=0.2)
    assert a["verdict"] == "predicts"
