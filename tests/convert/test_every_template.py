"""A branch list nearly always has a customer's number and name: every template takes both, in either language."""

from __future__ import annotations

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.templates.conftest import ALL, invented
from tieraddin.cli import app
from tieraddin.language import LANGUAGES
from tieraddin.templates.source import find_template

from .conftest import HEAD, columns_of, sheet_of

HEADERS = {"zh": ("客户编号", "客户名称"), "en": ("Customer No.", "Customer Name")}
SHOWN = {"zh": ("客户编号", "客户"), "en": ("Customer number", "Customer")}


def branch_list(office, template, lang, heads):
    """A list under the template's own headers, but for number and name, which come under ``heads``; its rows."""
    sheet = find_template(template).main
    rows = invented(sheet.table, lang)
    others = [c for c in sheet.columns if c.key in rows and c.key not in ("number", "customer")]
    count = len(rows["customer"])
    identity = [[f"K{i}" for i in range(count)], [f"Firm {i}" for i in range(count)]]
    more = [[f"x{i}" for i in range(count)] for _ in heads[2:]]
    lines = zip(*identity, *more, *(rows[c.key] for c in others), strict=True)
    office.book("a.xlsx", [(*heads, *(sheet.header(c, lang) for c in others)), *lines])
    return identity


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("template", ALL)
def test_number_and_name_both_have_a_column(office, template, lang):
    numbers, names = branch_list(office, template, lang, HEADERS[lang])
    entry = office.entry("--lang", lang, template=template)
    assert entry["error"] is None
    assert (entry["rows_out"], entry["unmapped"]) == (len(names), [])
    shown = columns_of(sheet_of(entry["output"]))
    assert [shown[header] for header in SHOWN[lang]] == [numbers, names]


@pytest.mark.parametrize("template", ALL)
def test_a_second_number_does_not_hinder(office, template):
    """Which of the two is the customer's is not sure: both are kept beside, and that is told."""
    numbers, names = branch_list(office, template, "en", ("Customer No", "Customer Name", "Account number"))
    entry = office.entry(template=template)
    assert entry["error"] is None
    assert entry["unmapped"] == ["Customer No", "Account number"]
    assert any("--map number=HEADER" in note for note in entry["notes"])
    assert columns_of(sheet_of(entry["output"]))["Customer"] == names
    assert columns_of(sheet_of(entry["output"], "Unmapped"))["Customer No"] == numbers


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("template", ALL)
def test_a_workbook_begun_from_the_template_is_a_source(office, template, lang):
    """Its chart lists the largest customers again, other sheets may hold customers too."""
    made, sheet = office.src / "a.xlsx", find_template(template).main
    assert CliRunner().invoke(app, ["template", "new", template, "-o", str(made), "--lang", lang]).exit_code == 0
    book, rows = openpyxl.load_workbook(made), invented(sheet.table, lang)
    page = book.worksheets[0]
    for column in sheet.columns:
        spot = [cell.value for cell in page[HEAD]].index(sheet.header(column, lang)) + 1
        for k, cell in enumerate(rows.get(column.key, []), HEAD + 1):
            page.cell(k, spot).value = cell
    book.save(made)
    entry = office.entry("--lang", "en", template=template)
    assert entry["error"] is None
    assert (entry["table"], entry["rows_out"]) == (sheet.table, len(rows["customer"]))
    every = office.entry("--tables", "all", template=template)
    assert not {"Pareto", "帕累托图"} & {table["sheet"] for table in every["tables"]}


def test_a_list_of_two_numbers_and_no_name_is_asked_about(office):
    office.book("a.xlsx", [("Customer No", "Account number", "Sales"), ("K1", "x1", 5)])
    entry = office.entry()
    assert entry["key"] == "convert.no_customer"
    assert "Customer No, Account number" in entry["error"]
