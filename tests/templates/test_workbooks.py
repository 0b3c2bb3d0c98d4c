"""What is in a template's workbook, as openpyxl reads it: tables, lists, formats, formulas, the chart."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from tests.templates.conftest import ALL, GRADED, KINDS, ROWS, column, filled, invented, opened, sheet_called, tables_of
from tieraddin.errors import UsageError
from tieraddin.language import LANGUAGES, Language
from tieraddin.models.load import find_model
from tieraddin.templates import prototype
from tieraddin.templates.fill import Filling, fill
from tieraddin.templates.source import find_template
from workbook_templates.build import FOLDER, WORDS, build_sample

each_kind = pytest.mark.parametrize("lang, live", KINDS)
each_template = pytest.mark.parametrize("id", ALL)


def validation(sheet: Worksheet, row: int, k: int) -> Any:
    address = f"{get_column_letter(k)}{row}"
    return next((rule for rule in sheet.data_validations.dataValidation if address in rule.sqref), None)


def words(book: Workbook, rule: Any) -> list[Any]:
    """The words of a list."""
    sheet, _, area = rule.formula1.partition("!")
    return [cell.value for (cell,) in book[sheet][area.replace("$", "")]]


@each_kind
@each_template
def test_every_table_is_sound(id: str, lang: Language, live: bool) -> None:
    book = opened(filled(id, lang, live))
    names = [name for sheet in book for name in sheet.tables]
    assert names == [sheet.table for sheet in find_template(id).sheets]
    for source, sheet in zip(find_template(id).sheets, book, strict=False):
        (table,) = sheet.tables.values()
        assert sheet.title == source.name[lang]
        first, top, last, bottom = range_boundaries(table.ref)
        assert (first, top, last, bottom) == (1, 3, len(source.columns), 3 + ROWS)
        headers = [cell.value for cell in sheet[3]]
        assert headers == [c.name for c in table.tableColumns] == [source.header(c, lang) for c in source.columns]
        assert table.autoFilter.ref == table.ref
        assert sheet.freeze_panes is not None
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
    ids = [table.id for sheet in book for table in sheet.tables.values()]
    assert len(set(ids)) == len(ids)


@each_kind
@each_template
def test_all_letters_are_of_one_family(id: str, lang: Language, live: bool) -> None:
    """A font without a name is shown in whatever the program takes first."""
    with zipfile.ZipFile(BytesIO(filled(id, lang, live))) as archive:
        styles = archive.read("xl/styles.xml").decode()
    fonts = re.findall(r"<font>.*?</font>", styles.partition("<fonts")[2].partition("</fonts>")[0])
    assert fonts
    assert all('<name val="Calibri"' in font for font in fonts)


@each_kind
@each_template
def test_no_reader_is_asked_to_calculate_at_once(id: str, lang: Language, live: bool) -> None:
    with zipfile.ZipFile(BytesIO(filled(id, lang, live))) as archive:
        assert archive.testzip() is None
        text = archive.read("xl/workbook.xml").decode()
    assert 'calcId="191029"' in text
    assert re.search(r'fullCalcOnLoad="(1|true)"', text) is None


@pytest.mark.parametrize("lang", LANGUAGES)
@each_template
def test_lists_offer_what_the_model_knows(id: str, lang: Language) -> None:
    """Stages, grades and choices come from the model's file; yes and no are those that are read."""
    book, seen = opened(filled(id, lang, False)), 0
    for source, sheet in zip(find_template(id).sheets, book, strict=False):
        model = find_model(source.model).model if source.model else None
        fields = {field.name: field for field in model.fields} if model else {}
        for k, at in enumerate(source.columns, 1):
            rule, expected = validation(sheet, 4, k), None
            field = fields.get(at.key) if at.field else None
            if field is not None and field.kind == "choice":
                expected = [choice.label[lang] for choice in field.values.values()]
            elif at.kind == "grade" or at.result == "grade" or at.field == "current_grade":
                expected = [grade.label[lang] for grade in model.grades] if model else None
            elif field is not None and field.kind == "flag":
                expected = ["是", "否"] if lang == "zh" else ["yes", "no"]
            elif at.choices:
                expected = [choice[lang] for choice in at.choices]
            offered = words(book, rule) if rule is not None and rule.type == "list" else None
            assert offered == expected, at.key
            assert rule is None or rule is validation(sheet, 1_000_000, k), "rows to come have it too"
            seen += expected is not None
    assert seen or id not in dict(GRADED)


@each_kind
@pytest.mark.parametrize("id, table", GRADED)
def test_grades_in_order_are_coloured(id: str, table: str, lang: Language, live: bool) -> None:
    book, source = opened(filled(id, lang, live)), sheet_called(table)
    sheet = next(sheet for sheet in book if table in sheet.tables)
    model = find_model(str(source.model)).model
    shaded = {rule.formula[0].strip('"') for rules in sheet.conditional_formatting for rule in rules.rules}
    words = {grade.label[lang] for grade in model.grades} | {grade.id for grade in model.grades}
    graded = any(c.result == "grade" or c.key == "current_grade" for c in source.columns)
    assert (words <= shaded) == ((model.ordered or bool(source.shaded)) and graded)


@pytest.mark.parametrize("table, fills", [
    ("Customers", {"A": "C6E0B4", "B": "FFF2CC", "C": "F8CBAD"}),
    ("CustomerInformation", {"trading-A": "C6E0B4", "retail-A": "C6E0B4", "retail-B": "FFF2CC", "trading-C": "F8CBAD"}),
    ("Openings", {"G": "C6E0B4", "C": "C6E0B4", "D": "FFF2CC", "F": "FFF2CC", "A": "F8CBAD", "I": "F8CBAD"}),
])  # fmt: skip
def test_grades_alike_have_one_colour(table: str, fills: dict[str, str]) -> None:
    """Green is good and red is bad, whatever the trade or the ground."""
    id = next(id for id, graded in GRADED if graded == table)
    sheet = next(sheet for sheet in opened(filled(id, "en", True)) if table in sheet.tables)
    rules = {rule.formula[0].strip('"'): rule for rules in sheet.conditional_formatting for rule in rules.rules}
    assert {grade: rules[grade].dxf.fill.bgColor.rgb[-6:] for grade in fills} == fills


@each_kind
@pytest.mark.parametrize("id, table", GRADED)
def test_live_results_are_formulas_and_keep_their_values(id: str, table: str, lang: Language, live: bool) -> None:
    data, source = filled(id, lang, live), sheet_called(table)
    formulas, values = opened(data), opened(data, data_only=True)
    expected = tables_of(id, lang, live)[table]
    for key in source.results():
        header = next(source.header(c, lang) for c in source.columns if c.key == key)
        cells, shown = column(formulas, table, header), column(values, table, header)
        worked_out = [isinstance(cell, str) and cell.startswith("=") for cell in cells]
        stays = table == "FollowUps" and key == "reason"  # it hangs on the day
        assert worked_out == [live and not stays] * ROWS
        for cell, value in zip(shown, expected[key], strict=True):
            assert (cell.date() if isinstance(cell, dt.datetime) else cell or None) == (value or None)
    if live and "grade" in source.results():
        at = formulas[source.name[lang]].tables[table].tableColumns
        grade = next(c for c in at if c.name == ("等级" if lang == "zh" else "Tier"))
        assert "TIER(" in grade.calculatedColumnFormula.attr_text
        assert f"{table}[[#This Row]" in grade.calculatedColumnFormula.attr_text


@each_kind
@pytest.mark.parametrize("id, measure", [
    ("customer-master", "value"), ("pipeline", "amount"), ("record-sheets", "annual_volume"),
    ("review-minutes", "annual_sales"), ("opportunity-assessment", "amount"),
])  # fmt: skip
def test_the_chart_shows_the_largest_first(id: str, measure: str, lang: Language, live: bool) -> None:
    book = opened(filled(id, lang, live), data_only=True)
    sheet = book["帕累托图" if lang == "zh" else "Pareto"]
    rows = invented(find_template(id).main.table, lang)
    largest = sorted(zip(rows[measure], rows["customer"], strict=True), reverse=True)
    total = sum(value for value, _ in largest)
    running = itertools.accumulate(value for value, _ in largest)
    shown = [tuple(cell.value for cell in row) for row in sheet["A4:D43"]]
    for row, (value, name), reached in zip(shown, largest, running, strict=False):
        assert row[1:3] == (name, value)
        assert row[3] == pytest.approx(reached / total)
    assert [row[0] for row in shown] == list(range(1, 41))
    assert {row[1:] for row in shown[ROWS:]} == {(None, "#N/A", "#N/A")}
    with zipfile.ZipFile(BytesIO(filled(id, lang, live))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    drawn = re.findall(r"<f>(.*?)</f>", chart)
    assert [area.partition("!")[2] for area in drawn] == [
        "C3",
        "$B$4:$B$43",
        "$C$4:$C$43",
        "D3",
        "$B$4:$B$43",
        "$D$4:$D$43",
    ]


@each_kind
@each_template
def test_the_same_rows_give_the_same_bytes(id: str, lang: Language, live: bool) -> None:
    before = filled(id, lang, live)
    prototype.prototype.cache_clear()
    filled.cache_clear()
    assert filled(id, lang, live) == before


def test_text_that_looks_like_markup_or_formula_stays_text() -> None:
    names = ["=1+1", "<b>&amp;", "  two  spaces ", "@SUM(A1)", "line\nbreak", "'quoted"]
    book = opened(fill("customer-master", Filling({"Customers": {"customer": names}}), "en"))
    assert column(book, "Customers", "Customer") == names
    assert {cell.data_type for cell in book["Customers"]["B"][3:]} == {"s"}


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    with pytest.raises(UsageError, match="more than a sheet holds"):
        fill("customer-master", Filling({"Customers": {"customer": [None] * 1_048_576}}), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_samples_are_those_of_their_source(lang: Language) -> None:
    """Every cell of the checked-in workbook, and its table, is what the script builds today."""
    made = build_sample(lang)
    kept = opened((FOLDER / WORDS[lang]["file"]).read_bytes())
    assert kept.sheetnames == made.sheetnames
    for row in made.worksheets[0].iter_rows():
        for cell in row:
            there = kept.worksheets[0][cell.coordinate]
            value = there.value.date() if isinstance(there.value, dt.datetime) else there.value
            assert (value, there.number_format) == (cell.value, cell.number_format), cell
    assert kept.worksheets[0].tables["Customers"].ref == made.worksheets[0].tables["Customers"].ref
