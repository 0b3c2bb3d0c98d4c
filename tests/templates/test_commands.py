"""`tieraddin template list` and `template new`, and what a person then does: type, re-tier, recalculate."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.actions.conftest import SALES, TIERS, Desk, abc
from tests.templates.conftest import ALL, KINDS, column, lost, sheet_called
from tieraddin.language import LANGUAGES, Language
from tieraddin.templates.source import find_template

HEADERS = {
    "en": {"customer": "Customer", "value": "Value", "last": "Last contact", "tier": "Tier", "why": "Tier reason",
           "step": "Next step", "next": "Next follow-up"},
    "zh": {"customer": "客户", "value": "销售额", "last": "最近联系日期", "tier": "等级", "why": "定级原因",
           "step": "升级条件", "next": "下次跟进"},
}  # fmt: skip


def typed(path: Path, table: str, rows: dict[str, list[Any]]) -> None:
    """Type below the headers of a table, as a person does; openpyxl keeps the formulas that are there."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book if table in sheet.tables)
    head = {cell.value: cell.column for cell in sheet[3]}
    for header, cells in rows.items():
        for row, cell in enumerate(cells, 4):
            sheet.cell(row, head[header], cell)
    book.save(path)


def read(path: Path, table: str, header: str, count: int) -> list[Any]:
    return column(openpyxl.load_workbook(path, data_only=True), table, header)[:count]


def test_the_list_names_every_template(desk: Desk) -> None:
    listed = desk.done("template", "list")
    assert [one["id"] for one in listed] == ALL
    master = next(one for one in listed if one["id"] == "customer-master")
    assert master["name"] == {"zh": "客户主档", "en": "Customer master"}
    assert master["fields"] == ["number", "customer", "rep", "region", "phone", "value", "last_contact"]
    for lang in LANGUAGES:
        answer = desk.run("template", "list", "--lang", lang)
        assert answer.code == 0
        assert all(id in answer.out for id in ALL)


@pytest.mark.parametrize("lang, live", KINDS)
@pytest.mark.parametrize("id", ALL)
def test_a_new_workbook_shows_nothing_but_headers(desk: Desk, id: str, lang: Language, live: bool) -> None:
    path = desk.path()
    options = ["--live"] if live else []
    done = desk.done("template", "new", id, "-o", path, "--rows", 3, "--lang", lang, *options)
    assert (done["output"], done["rows"], done["live"]) == (str(path), 3, live)
    book = openpyxl.load_workbook(path, data_only=True)
    for source in find_template(id).sheets:
        sheet = book[source.name[lang]]
        (table,) = sheet.tables.values()
        rows = sheet[table.ref][1:]
        assert len(rows) == max(3, len(source.rows))
        begun = [text[lang] for text in source.rows]
        assert [cell.value for row in rows for cell in row if cell.value not in (None, "")] == begun


@pytest.mark.parametrize("arguments, code, says", [
    (["nope", "-o", "a.xlsx"], 2, "customer-master"),
    (["customer-master", "-o", "a.xls"], 2, ".xlsx"),
    (["customer-master", "-o", "there.xlsx"], 2, "there.xlsx"),
    (["customer-master", "-o", "no/such/folder/a.xlsx"], 3, "folder"),
    (["customer-master", "-o", "a.xlsx", "--rows", "0"], 2, "1048572"),
    (["customer-master", "-o", "a.xlsx", "--rows", "1048573"], 2, "1048572"),
])  # fmt: skip
def test_what_can_not_be_is_refused_and_nothing_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(desk.folder)
    desk.path("there.xlsx").write_bytes(b"mine")
    before = desk.state()
    answer = desk.run("template", "new", *arguments, "--lang", "en")
    assert answer.code == code
    assert says in answer.err.replace(",", "")
    assert answer.err.count("\n") == 1
    assert desk.state() == before


def test_a_template_is_found_by_its_name_in_either_language(desk: Desk) -> None:
    for k, name in enumerate(("客户主档", "customer MASTER", " customer-master ")):
        assert desk.done("template", "new", name, "-o", desk.path(f"{k}.xlsx"))["template"] == "customer-master"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_person_types_and_retiers(desk: Desk, lang: Language) -> None:
    path, words = desk.path(), HEADERS[lang]
    desk.done("template", "new", "customer-master", "-o", path, "--lang", lang)
    names, values = map(list, zip(*SALES, strict=True))
    typed(path, "Customers", {words["customer"]: names, words["value"]: values, words["last"]: [dt.date(2026, 11, 2)]})
    done = desk.done("retier", path, "-m", "value-abc", "--cadence", "followup-duty", "--in-place", "--lang", lang)
    assert (done["rows"], done["graded"], done["notes"]) == (5, 5, [])
    assert done["columns"] == [words["tier"], *done["columns"][1:3], words["step"], words["next"]]
    assert read(path, "Customers", words["tier"], 6) == [*TIERS, None]
    assert read(path, "Customers", words["next"], 2) == [dt.datetime(2026, 11, 9), None]
    assert len(openpyxl.load_workbook(path).worksheets[0].tables["Customers"].tableColumns) == 12
    after = desk.path("after.xlsx")
    typed(path, "Customers", {words["value"]: [1, 2, 3, 4, 5]})
    desk.done("retier", path, "-m", "value-abc", "--cadence", "followup-duty", "-o", after, "--lang", lang)
    assert read(after, "Customers", words["tier"], 6) == [*abc([1, 2, 3, 4, 5]), None]
    assert lost(path, after, sheet_called("Customers").name[lang], "H:L") == []
    desk.done("restore", path, "--lang", lang)
    assert read(path, "Customers", words["tier"], 6) == [None] * 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_live_workbook_follows_what_is_typed(desk: Desk, lang: Language) -> None:
    path, words = desk.path(), HEADERS[lang]
    desk.done("template", "new", "customer-master", "-o", path, "--live", "--rows", 8, "--lang", lang)
    names, values = map(list, zip(*SALES, strict=True))
    typed(path, "Customers", {words["customer"]: names, words["value"]: values, words["last"]: [dt.date(2026, 11, 2)]})
    done = desk.done("recalc", path, "--in-place")
    assert done["left"] == []
    assert [cell or None for cell in read(path, "Customers", words["tier"], 8)] == [*TIERS, None, None, None]
    assert read(path, "Customers", words["next"], 1) == [dt.datetime(2026, 11, 9)]
    why = read(path, "Customers", words["why"], 8)
    assert ["80" in text for text in why[:2]] == [False, True]
    assert not any(why[5:])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_blank_rows_have_no_stage_where_blank_would_mean_no(desk: Desk, lang: Language) -> None:
    path = desk.path()
    desk.done("template", "new", "pipeline", "-o", path, "--live", "--rows", 4, "--lang", lang)
    customer, signed = ("客户", "已签约") if lang == "zh" else ("Customer", "Signed")
    typed(path, "Deals", {customer: ["Ann", "Bob"], signed: [True, None]})
    assert desk.done("recalc", path, "--in-place")["left"] == []
    tiers = read(path, "Deals", HEADERS[lang]["tier"], 4)
    assert [tier or None for tier in tiers] == ["A02", "A21", None, None]
