"""``tieraddin portfolio``: the mix of a workbook's customers, judged by hand-worked counts."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from .conftest import Desk

# 12 deals: A 2, G 0, E 4, B 3, C 3, of which the north has 10
DEALS = [
    ("d1", "ours", "trail", "N", "Ann", 100),
    ("d2", "ours", "trail", "N", "Ann", 100),
    *((f"e{k}", "neutral", "level", "N", "Ann", 10) for k in range(4)),
    *((f"b{k}", "neutral", "trail", "N", "Bob", 10) for k in range(3)),
    ("c1", "theirs", "trail", "N", None, 10),
    ("c2", "theirs", "trail", "S", "Bob", 500),
    ("c3", "theirs", "trail", "S", "Bob", 10),
    ("x", "ours", None, "S", "Bob", 10),
]
HEADERS = ["Deal", "Ground", "Position", "Area", "Owner", "Amount"]


@pytest.fixture
def deals(desk: Desk) -> Any:
    return desk.book([HEADERS, *DEALS])


def test_the_mix_is_counted_and_set_against_the_norm(desk: Desk, deals: Any) -> None:
    done = desk.done("portfolio", deals, "--model", "opening-grid", "--value", "Amount")
    assert (done["customers"], done["ungraded"], done["output"]) == (12, 1, None)
    assert {cell["grade"]: cell["customers"] for cell in done["mix"] if cell["customers"]} == {
        "A": 2, "E": 4, "B": 3, "C": 3,
    }  # fmt: skip
    a = next(cell for cell in done["mix"] if cell["grade"] == "A")
    assert a["of_customers"] == {"share": pytest.approx(2 / 12), "norm": 0.02, "verdict": "too_many"}
    assert a["of_value"]["share"] == pytest.approx(200 / 790)  # of 200 + 40 + 30 + 10 + 500 + 10
    assert done["value"] == "Amount"
    assert any(said.startswith("Behind on our own ground (A)") for said in done["findings"])
    assert done["concentration"]["largest"]["1"] == pytest.approx(500 / 800)  # a deal without a grade has a value too
    assert done["groups"] == []
    assert done["managers"] == []


def test_groups_are_judged_on_their_own_and_small_ones_are_told(desk: Desk, deals: Any) -> None:
    done = desk.done("portfolio", deals, "--model", "opening-grid", "--by", "Area", "--lang", "en")
    north, south = done["groups"]
    assert (north["by"], north["customers"], north["judged"]) == ({"Area": "N"}, 10, True)
    assert (south["by"], south["customers"], south["ungraded"], south["judged"]) == ({"Area": "S"}, 2, 1, False)
    assert "Groups with fewer than 10 customers, which are not judged: 1." in done["said"]
    both = desk.done("portfolio", deals, "--model", "opening-grid", "--by", "Area", "--by", "ground")
    assert [list(group["by"]) for group in both["groups"]] == [["Area"]] * 2 + [["Ground"]] * 3 + [
        ["Area", "Ground"]
    ] * 5


def test_people_with_too_many_customers(desk: Desk, deals: Any) -> None:
    done = desk.done("portfolio", deals, "--model", "opening-grid", "--per-manager", "5", "--lang", "en")
    assert [(m["rep"], m["customers"], m["over"]) for m in done["managers"]] == [
        ("Ann", 6, 1),
        ("Bob", 6, 1),
        ("", 1, 0),
    ]
    assert "With more than 5 customers: 2 of 3 people. To look after all customers it takes 3." in done["said"]
    book = desk.book([["Rep", "Customers"], ["Ann", 100], ["Bob", 60], ["Ann", 20]], "span.xlsx")
    span = desk.done("portfolio", book, "--model", "management-span")
    assert [(m["rep"], m["customers"], m["limit"], m["over"]) for m in span["managers"]] == [
        ("Ann", 120, 80, 40),
        ("Bob", 60, 80, 0),
    ]


def test_each_vehicle_type_and_region_has_a_ratio_of_its_own(desk: Desk) -> None:
    rows = [("SUV", "N", 0.5, 300), ("SUV", "N", 0.9, 100), ("SUV", "S", 1.1, 100), ("Van", "S", 0.7, 100)]
    book = desk.book([["Vehicle type", "Region", "Loss ratio", "Premium"], *rows])
    done = desk.done("portfolio", book, "--model", "loss-ratio", "--value", "Premium")
    found = {tuple(group["by"].values()): (pytest.approx(group["ratio"]), group["grade"]) for group in done["groups"]}
    assert found == {
        ("SUV",): (0.7, "ordinary"),  # (150 + 90 + 110) / 500
        ("Van",): (0.7, "ordinary"),
        ("N",): (0.6, "target"),
        ("S",): (0.9, "high"),
        ("SUV", "N"): (0.6, "target"),
        ("SUV", "S"): (1.1, "excluded"),
        ("Van", "S"): (0.7, "ordinary"),
    }


def test_a_model_without_norms_and_a_table_without_the_groups(desk: Desk) -> None:
    book = desk.book([["Customer", "Loss ratio"], *[(f"c{k}", 0.3) for k in range(12)]])
    done = desk.done("portfolio", book, "--model", "loss-ratio", "--lang", "en")
    assert any("has no norm" in said for said in done["said"])
    assert sum("no such column" in said for said in done["said"]) == 2
    abc = desk.book([["Customer", "Sales"], *[(f"c{k}", 1) for k in range(20)]], "equal.xlsx")
    same = desk.done("portfolio", abc, "--model", "rank-abc", "--lang", "en")
    assert same["concentration"]["gini"] == pytest.approx(0)
    assert [cell["customers"] for cell in same["mix"]] == [20, 0, 0]
    assert same["mix"][0]["of_customers"]["norm"] is None


@pytest.mark.parametrize("lang, name, words", [("en", "Portfolio", "too many"), ("zh", "客户结构", "过多")])
def test_the_result_is_a_sheet_that_the_next_run_renews(
    desk: Desk, deals: Any, lang: str, name: str, words: str
) -> None:
    before = desk.state()
    out = desk.path("out.xlsx")
    command = ("portfolio", "--model", "opening-grid", "--lang", lang, "--per-manager", 5)
    done = desk.done(*command, deals, "-o", out)
    assert (done["output"], done["written_sheet"]) == (str(out), name)
    assert {file: hash for file, hash in desk.state().items() if file != out.name} == before
    book = openpyxl.load_workbook(out)
    cells = [cell.value for row in book[name].iter_rows() for cell in row]
    assert words in cells
    assert 2 / 12 in cells
    again = desk.path("again.xlsx")
    desk.done(*command, out, "-o", again)
    assert openpyxl.load_workbook(again).sheetnames == ["Sheet1", name]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_people_read_sentences_and_tables(desk: Desk, deals: Any, lang: str) -> None:
    answer = desk.run(
        "portfolio", deals, "--model", "opening-grid", "--value", "Amount", "--by", "Area", "--lang", lang
    )
    assert answer.code == 0
    assert {"en": "Customers of Sheet1!A1:F14 with a grade: 12; without: 1.", "zh": "12 家客户已定级"}[
        lang
    ] in answer.out
    assert "16.7%" in answer.out


@pytest.mark.parametrize(
    "arguments, key",
    [
        (["--by", "Nowhere"], "actions.unknown_header"),
        (["--value", "Nowhere"], "actions.unknown_header"),
        (["--value", "our_share"], "actions.unknown_header"),  # a field without a column
        (["--by", "our_share"], "actions.unknown_header"),
        (["--value", "Deal"], "portfolio.no_amounts"),
        (["--value", "position"], "portfolio.no_amounts"),
        (["--tolerance", "2"], "portfolio.tolerance_range"),
        (["--tolerance", "much"], "portfolio.tolerance_range"),
        (["--smallest", "0"], "portfolio.not_positive"),
        (["--per-manager", "0"], "portfolio.not_positive"),
    ],
)
def test_wrong_use_is_told(desk: Desk, deals: Any, arguments: list[str], key: str) -> None:
    answer = desk.run("portfolio", deals, "--model", "opening-grid", *arguments, "--json")
    assert (answer.code, answer.json["key"]) == (2, key)


def test_a_tolerance_can_be_a_percentage(desk: Desk, deals: Any) -> None:
    assert desk.done("portfolio", deals, "--model", "opening-grid", "--tolerance", "15%")["tolerance"] == 0.15


def test_an_output_that_is_the_workbook_itself_or_an_empty_table_is_refused(desk: Desk, deals: Any) -> None:
    assert desk.run("portfolio", deals, "--model", "opening-grid", "-o", deals, "--json").code == 2
    empty = desk.book([HEADERS], "empty.xlsx")
    assert desk.run("portfolio", empty, "--model", "opening-grid", "--json").code == 3


def abc_book(desk: Desk, shares: str) -> Any:
    """Ten customers and more, of whom by value-abc the shares of grades are as asked: "mixed" or "even"."""
    values = {"even": [10] * 20, "usual": [400, 400, 38, 37, 37, 9, 8, 8, 7, 6]}[shares]
    return desk.book([["Customer", "Sales"], *[(f"c{k}", value) for k, value in enumerate(values)]])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_mix_means_is_said(desk: Desk, lang: str) -> None:
    # 20 equal customers share one grade: A, though it should be a fifth of them
    said = desk.done("portfolio", abc_book(desk, "even"), "--model", "value-abc", "--lang", lang)["said"]
    start, meaning, empty = {
        "en": (
            "A: too many, 100.0% of customers, 80.0 points above the norm of 20.0%, 100.0% of the value",
            "thin",
            "B:",
        ),
        "zh": ("A：过多，占客户 100.0%，比标准 20.0% 高 80.0 个百分点，占价值 100.0%", "摊薄", "B："),
    }[lang]
    assert said[0].startswith(start)
    assert meaning in said[0]
    assert said[1].startswith(empty)


def test_a_mix_like_the_norm_is_said_to_be_so(desk: Desk) -> None:
    # 800 of 950 are the first 80 %, the next 112 the next 15 %: 20, 30 and 50 % of the customers
    book = abc_book(desk, "usual")
    done = desk.done("portfolio", book, "--model", "value-abc", "--lang", "en")
    assert [cell["customers"] for cell in done["mix"]] == [2, 3, 5]
    assert done["said"][0] == "Every grade is within 10.0% of its norm, and nothing in the mix stands out."
    few = desk.done("portfolio", book, "--model", "value-abc", "--smallest", "11", "--lang", "en")
    assert few["said"][0].startswith("10 graded customers are too few to judge")
    assert not any(cell["of_customers"]["verdict"] for cell in few["mix"])


def test_risks_are_counted_and_a_missing_column_of_reps_is_told(desk: Desk) -> None:
    header = ["Customer", "Large customer", "Owes much", "May leave", "Sales"]
    rows = [("a", "yes", "yes", None, 60), ("b", "yes", None, "yes", 30), ("c", "no", "yes", None, 10)]
    done = desk.done(
        "portfolio", desk.book([header, *rows]), "--model", "customer-checklist", "--value", "Sales",
        "--per-manager", "2", "--lang", "en",
    )  # fmt: skip
    risks = {risk["id"]: (risk["customers"], risk["value_share"]) for risk in done["risks"]}
    assert risks["large_money_owed"] == (1, pytest.approx(0.6))
    assert risks["large_loss"] == (1, pytest.approx(0.3))
    assert risks["large_margin"] == (0, 0)
    assert any(said.startswith("Risk of a large customer, money owed") for said in done["said"])
    assert any("does not say who looks after whom" in said for said in done["said"])


def test_many_groups_are_not_all_named(desk: Desk) -> None:
    # 100 customers in ten areas hold 85 % of the value and are A, 150 in fifteen areas B: 40 and 60 % of all
    rows = [(f"c{g}.{k}", f"g{g:02}", 85 if g < 10 else 10) for g in range(25) for k in range(10)]
    book, out = desk.book([["Customer", "Area", "Sales"], *rows]), desk.path("o.xlsx")
    command = ("portfolio", book, "--model", "value-abc", "--by", "Area", "--tolerance", "45%", "--lang", "en")
    done = desk.done(*command)
    assert [cell["customers"] for cell in done["mix"]] == [100, 150, 0]
    assert len(done["groups"]) == 25
    named = [said for said in done["said"] if "spread thin" in said]
    assert len(named) == 1
    assert named[0].startswith("g00, g01, g02, g03, g04, g05, g06, g07 and 2 more: ")
    answer = desk.run(*command, "-o", out)
    assert "Written to" in answer.out
    assert "backup" in desk.run(*command, "-o", out).out  # what was there is kept
