"""``tieraddin audit``: faults of record sheets with their charge, by person; judged by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tieraddin.models.load import all_models

from .conftest import Desk

HEADERS = ["Customer name", "Trade type", "Annual volume", "Overdue share", "Credit", "Updated on", "Late update",
           "Wrong entry", "Sales rep"]  # fmt: skip
ROWS = [
    ("Acme", "trading", 120000, 0.02, "good", dt.datetime(2026, 3, 18), None, None, "Ann"),
    ("Bolt", "trading", "about 3", "3%", "fair", dt.datetime(2026, 3, 1), "yes", None, "Ann"),
    ("ａcme ", "trading", 5, 0.1, "great", dt.datetime(2027, 1, 1), None, "yes", "Bob"),
    ("Cog", "barter", 5, 0.1, "poor", "2026/2/30", None, None, "Bob"),
    ("Dun", "retail", None, 0.1, "poor", dt.datetime(2026, 1, 1), None, None, None),
]
COMMAND = ("--model", "trade-abc", "--as-of", "2026-03-20")


@pytest.fixture
def ledger(desk: Desk) -> Path:
    return desk.book([HEADERS, *ROWS], sheet="Ledger")


def test_every_fault_has_its_row_column_and_charge(desk: Desk, ledger: Path) -> None:
    done = desk.done("audit", ledger, *COMMAND)
    assert [(f["row"], f["kind"], f["column"], f["charge"], f["rep"]) for f in done["faults"]] == [
        (3, "late", "Late update", 20, "Ann"),
        (3, "wrong", "Annual volume", 10, "Ann"),
        (4, "wrong", "Wrong entry", 10, "Bob"),
        (4, "duplicate", "Customer name", 10, "Bob"),
        (4, "impossible_date", "Updated on", 10, "Bob"),
        (4, "unknown_code", "Credit", 10, "Bob"),
        (5, "impossible_date", "Updated on", 10, "Bob"),
        (5, "unknown_code", "Trade type", 10, "Bob"),
        (6, "missing", "Annual volume", 0, ""),
    ]
    assert done["charge"] == 90
    assert done["faults"][3]["customer"] == "ａcme"
    assert done["people"] == [
        {"rep": "Bob", "late": 0, "wrong": 6, "charge": 60},
        {"rep": "Ann", "late": 1, "wrong": 1, "charge": 30},
        {"rep": "", "late": 0, "wrong": 1, "charge": 0},
    ]


def test_late_by_date_where_a_limit_is_given(desk: Desk, ledger: Path) -> None:
    done = desk.done("audit", ledger, *COMMAND, "--option", "update_days=7")
    late = [(f["row"], f["column"], f["charge"]) for f in done["faults"] if f["kind"] == "late"]
    assert late == [(3, "Late update", 20), (6, "Updated on", 20)]


@pytest.mark.parametrize(
    "lang, name, double", [("en", "Audit", "the same as in row 2"), ("zh", "台账检查", "与第 2 行相同")]
)
def test_the_findings_are_a_sheet_that_the_next_run_renews(
    desk: Desk, ledger: Path, lang: str, name: str, double: str
) -> None:
    before, out, again = desk.state(), desk.path("out.xlsx"), desk.path("again.xlsx")
    assert desk.done("audit", ledger, *COMMAND, "--lang", lang, "-o", out)["written_sheet"] == name
    assert {file: hash for file, hash in desk.state().items() if file != "out.xlsx"} == before
    cells = [cell.value for row in openpyxl.load_workbook(out)[name].iter_rows() for cell in row]
    assert double in cells
    assert 90 not in cells  # charges stand by person: 60, 30 and 0
    assert {60, 30} <= set(cells)
    desk.done("audit", out, *COMMAND, "--lang", lang, "-o", again)
    assert openpyxl.load_workbook(again).sheetnames == ["Ledger", name]
    assert "Ledger" in desk.run("audit", ledger, *COMMAND, "--lang", lang).out


def test_a_record_sheet_need_not_have_what_grading_needs(desk: Desk) -> None:
    book = desk.book([["Customer", "Updated on", "Late update"], ["Acme", dt.datetime(2026, 3, 1), "yes"]])
    done = desk.done("audit", book, *COMMAND, "--lang", "en")
    assert [(f["row"], f["kind"], f["charge"]) for f in done["faults"]] == [(2, "late", 20)]
    assert any(said.startswith("Not looked at") and "Credit" in said for said in done["said"])
    assert any("who is responsible" in said for said in done["said"])


def test_a_model_without_rules_lists_general_faults_without_charge(desk: Desk) -> None:
    book = desk.book([["Customer", "Sales"], ["Ann", 5], ["Bob", "n/a?"], ["ann", None]])
    done = desk.done("audit", book, "--model", "value-abc", "--lang", "en")
    assert [(f["row"], f["kind"], f["charge"]) for f in done["faults"]] == [
        (3, "wrong", 0),
        (4, "missing", 0),
        (4, "duplicate", 0),
    ]
    assert any("no rules of its own" in said for said in done["said"])


def test_a_sheet_without_faults(desk: Desk) -> None:
    book = desk.book([["Customer", "Sales"], ["Ann", 5]])
    answer = desk.run("audit", book, "--model", "value-abc", "--lang", "en")
    assert (answer.code, answer.out.splitlines()[0]) == (0, "Looked through Sheet1!A1:B2, 1 rows: no fault.")
    assert desk.run("audit", book, "--model", "value-abc", "--lang", "zh").out.startswith("已检查")


@pytest.mark.parametrize("model", [source.data["id"] for source in all_models() if source.data.get("audit")])
def test_the_checks_of_every_model_find_a_blank_table_clean(desk: Desk, model: Any) -> None:
    fields = next(source.model.fields for source in all_models() if source.data["id"] == model)
    book = desk.book([[field.label.en for field in fields], ["?"] + [None] * (len(fields) - 1)])
    kinds = {fault["kind"] for fault in desk.done("audit", book, "--model", model)["faults"]}
    assert kinds <= {"missing", "unknown_code", "wrong"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "rows, key",
    [
        ([["Tea", "Cake"], [1, 2]], "audit.nothing_to_look_at"),
        ([HEADERS], "tables.no_table"),
    ],
)
def test_what_can_not_be_audited_is_told(desk: Desk, rows: Any, key: str, lang: str) -> None:
    answer = desk.run("audit", desk.book(rows), *COMMAND, "--json", "--lang", lang)
    assert (answer.code, answer.json["key"]) == (3, key)


def test_wrong_use(desk: Desk, ledger: Path) -> None:
    assert desk.run("audit", ledger, *COMMAND, "-o", ledger).code == 2
    assert desk.run("audit", ledger, "--model", "trade-abc", "--as-of", "some day").code == 2
    assert desk.run("audit", ledger, *COMMAND, "--map", "rep=Nobody").code == 2
    assert desk.run("audit", desk.path("none.xlsx"), *COMMAND).code == 3


def test_more_than_one_table_is_asked_about(desk: Desk, ledger: Path) -> None:
    book = openpyxl.load_workbook(ledger)
    for row in [HEADERS, *ROWS]:
        (book["More"] if "More" in book.sheetnames else book.create_sheet("More")).append(row)
    book.save(ledger)
    answer = desk.run("audit", ledger, *COMMAND, "--json")
    assert (answer.code, answer.json["key"]) == (3, "actions.several_tables")
    assert desk.done("audit", ledger, *COMMAND, "--sheet", "More")["charge"] == 90


def test_people_are_told_where_the_findings_are(desk: Desk, ledger: Path) -> None:
    out = desk.path("out.xlsx")
    assert "Written to" in desk.run("audit", ledger, *COMMAND, "-o", out, "--lang", "en").out
    assert "backup" in desk.run("audit", ledger, *COMMAND, "-o", out, "--lang", "en").out
