"""Lists of branch offices become workbooks of the template: values, tiers, what has no place, the report."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.actions.convert.fields import fields_of
from tieraddin.actions.convert.place import place
from tieraddin.actions.convert.several import take_all
from tieraddin.actions.convert.wishes import Wish
from tieraddin.errors import TieraddinError
from tieraddin.workbooks.rows import RowBook, RowSheet

DAY = dt.datetime(2026, 3, 2)


def test_values_and_tiers_are_in_the_template(office, result):
    office.book("a.xlsx")
    code, done = office.run()
    assert code == 0
    columns = result()
    assert columns["Customer"] == ["甲有限公司", "Bob Ltd", "Cid", "Dee", "Eve"]
    assert columns["Rep"] == ["Ann", "Ann", "Bo", "Bo", None]
    assert columns["Value"] == [500, 300, 120, 50, 30]
    assert columns["Tier"] == ["A", "A", "B", "B", "C"]
    assert columns["Tier score"] == pytest.approx([0.5, 0.8, 0.92, 0.97, 1.0])
    assert all(columns["Tier reason"])
    table = openpyxl.load_workbook(office.out / "a.xlsx")["Customers"].tables["Customers"]
    assert re.fullmatch(r"A3:[A-Z]+8", table.ref)
    (entry,) = done["files"]
    assert {key: entry[key] for key in ("rows_in", "rows_out", "rejected", "totals", "error", "skipped")} == {
        "rows_in": 5, "rows_out": 5, "rejected": 0, "totals": 0, "error": None, "skipped": False,
    }  # fmt: skip
    assert (entry["sheet"], entry["table"], entry["output"]) == ("Sheet1", "A1:D6", str(office.out / "a.xlsx"))


def test_columns_without_a_place_are_kept_with_their_row(office, result):
    office.book("a.xlsx")
    entry = office.entry()
    assert entry["unmapped"] == ["Fax"]
    assert result(sheet="Unmapped") == {"Row here": [4, 5, 6, 7, 8], "Fax": ["f1", None, "f3", None, None]}


MERGED = [
    ("客户名称", "Rep", "Sales", "Last contact", "Fax"),
    ("甲", "Ann", 100, DAY, "f1"),
    ("乙", None, None, None, "own"),
    ("丙", None, 80, None, None),
    ("丁", "Bo", 70, None, "f4"),
    (None, None, 60, None, None),
]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_texts_and_dates_of_merged_cells_count_for_each_of_their_rows(office, result, kind, saved_as):
    """A number may stand for all rows together, and what a cell holds below the merged one stays its own."""
    path = office.book("a.xlsx", MERGED)
    book = openpyxl.load_workbook(path)
    for area in ("B2:B4", "C2:C3", "D2:D4", "A5:A6"):
        book.active.merge_cells(area)
    book.active.merged_cells.add("E2:E4")  # which leaves what lies below as it is
    book.save(path)
    if kind != "xlsx":
        saved_as(path, kind)
    entry = office.entry()
    columns, rest = result(), result(sheet="Unmapped")
    assert columns["Customer"] == ["甲", "乙", "丙", "丁", "丁"]
    assert columns["Rep"] == ["Ann", "Ann", "Ann", "Bo", None]
    assert columns["Value"] == [100, None, 80, 70, 60]
    assert columns["Last contact"] == [DAY, DAY, DAY, None, None]
    assert rest["Fax"] == ["f1", "own", "f1", "f4", None]
    assert "客户名称, Rep, Last contact, Fax" in " ".join(entry["notes"])


def test_cells_that_cannot_be_read_stay_and_are_counted(office, result):
    """Where the template does not need them: the rest of the row can be used. Blank cells are none of them."""
    rows = [
        ("Customer", "Sales", "Last contact"),
        ("Ann", 3, DAY),
        ("Bo", 2, "1/2/2026"),
        ("Cy", 1, "soon"),
        ("Di", 1, None),
    ]
    office.book("a.xlsx", [*rows, (None, 7, "lost")])
    entry = office.entry()
    assert result()["Last contact"] == [DAY, "1/2/2026", "soon", None]
    assert "Last contact: cells that hold no date stay as they are: 3." in entry["notes"]
    assert entry["rejected"] == 1


def test_how_sure_the_mapping_is(office):
    office.book("a.xlsx")
    assert office.entry("--map", "phone=Fax")["mapping"] == {
        "customer": {"header": "客户名称", "how": "alias", "confidence": 0.9},
        "rep": {"header": "Rep", "how": "exact", "confidence": 1.0},
        "phone": {"header": "Fax", "how": "given", "confidence": 1.0},
        "value": {"header": "Sales", "how": "alias", "confidence": 0.9},
    }


def test_rows_that_cannot_be_used_are_kept_with_the_reason(office, result):
    office.book("a.xlsx", [*ROWS_OF_TWO, (None, 10, "lost"), ("Cy", "n/a", "x"), ("Di", "#N/A", None)])
    entry = office.entry()
    assert (entry["rows_in"], entry["rows_out"], entry["rejected"]) == (5, 2, 3)
    rejected = result(sheet="Rejected")
    assert rejected["Row in the source"] == [4, 5, 6]
    assert rejected["Customer"] == [None, "Cy", "Di"]
    assert rejected["Sales"] == [10, "n/a", "#N/A"]
    assert rejected["Note"] == ["lost", "x", None]
    reasons = rejected["Reason"]
    assert "who the customer is" in reasons[0]
    assert "n/a" in reasons[1]
    assert "number" in reasons[1]


@pytest.mark.parametrize("nothing", ["   ", "\u3000", "\t\n", "\u00a0"])
def test_a_name_of_nothing_but_spaces_is_none(office, result, nothing):
    office.book("a.xlsx", [*ROWS_OF_TWO, (nothing, 10, "lost")])
    assert office.entry()["rejected"] == 1
    assert result()["Customer"] == ["Ann", "Bo"]
    assert "who the customer is" in result(sheet="Rejected")["Reason"][0]


ROWS_OF_TWO = [("Customer", "Sales", "Note"), ("Ann", 5, "a"), ("Bo", 3, "b")]


def test_totals_are_neither_in_nor_rejected(office, result):
    office.book("a.xlsx", [*ROWS_OF_TWO, ("Total", 8, None)])
    entry = office.entry()
    assert (entry["rows_in"], entry["rows_out"], entry["rejected"], entry["totals"]) == (2, 2, 0, 1)
    assert result()["Customer"] == ["Ann", "Bo"]


@pytest.mark.parametrize(
    "header, cells, expected",
    [
        ("销售额（万元）", [1.2, "3"], [12000, 30000]),
        ("Sales", ["¥1,200.50", "1.2万"], [1200.5, 12000]),
        ("Last contact", [DAY, "2026年3月2日"], [DAY, DAY]),
        ("Last contact", ["soon", None], ["soon", None]),
        ("Last contact", [-3, 12.5], ["-3", "12.5"]),
        ("Phone", [13800000000, "021-5"], ["13800000000", "021-5"]),
        ("Customer id", [1001, "K-7"], ["1001", "K-7"]),
        ("Region", ["  华东 ", "=1+1"], ["华东", "=1+1"]),
        ("Last contact", ["1899-05-01", "2026/3/2"], ["1899-05-01", DAY]),
    ],
)
def test_cells_are_as_the_template_has_them(office, result, header, cells, expected):
    sales = [] if header.startswith(("Sales", "销")) else ["Sales"]
    rows = [("Name", header, *sales), *((f"c{i}", cell, *([1] if sales else [])) for i, cell in enumerate(cells))]
    office.csv("a.csv", rows) if cells[1] == "=1+1" else office.book("a.xlsx", rows)
    assert office.run()[0] == 0
    shown = {"销售额（万元）": "Value", "Sales": "Value", "Customer id": "Customer number"}.get(header, header)
    assert result()[shown] == expected


@pytest.mark.parametrize("lang, said", [("en", "more than one row: 2, in 5 rows"), ("zh", "2 个，共 5 行")])
def test_rows_that_look_like_sales_are_told(office, lang, said):
    sales = [("Ann", 5), ("Bo", 3), ("Ann", 2), ("Cy", 1), ("Bo", 1), ("Ann", 9)]
    office.book("a.xlsx", [("Customer", "Sales"), *sales])
    entry = office.entry("--lang", lang)
    assert entry["rows_out"] == 6
    (note,) = entry["notes"]
    assert said in note
    assert "tieraddin summarise" in note


def test_deals_of_one_customer_are_nothing_to_tell(office):
    office.book("a.xlsx", [("Customer", "Expected amount", "Signed"), ("Ann", 5, "yes"), ("Ann", 3, "no")])
    assert office.entry(template="pipeline")["notes"] == []


def test_chinese_results_have_chinese_headers_and_words(office, result):
    office.book("a.xlsx", [*ROWS_OF_TWO, ("Cy", "无", None)])
    done = office.run("--lang", "zh")[1]
    assert done["files"][0]["rejected"] == 1
    assert result()["客户"] == ["Ann", "Bo"]
    assert "“无”不是数字" in result(sheet="未采用的行")["原因"][0]
    assert result(sheet="未对应的列")["Note"] == ["a", "b"]


def test_a_workbook_that_a_program_calls_xls(office, result):
    office.book("a.xlsx").rename(office.src / "a.xls")
    assert office.entry()["rows_out"] == 5
    assert result()["Tier"] == ["A", "A", "B", "B", "C"]


@pytest.fixture
def saved_as(tmp_path):
    """Saves a workbook as another kind of file in its place, by LibreOffice."""

    def save(path, kind):
        program = shutil.which("soffice") or pytest.skip("LibreOffice, which writes these kinds, is not there")
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", kind, "--outdir", path.parent, path]
        subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=120)
        path.unlink()

    return save


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsm", "csv", "gb.csv"])
def test_files_of_every_kind_give_the_same(office, result, kind, saved_as):
    if kind in ("xls", "ods"):
        saved_as(office.book("a.xlsx"), kind)
    elif kind == "xlsm":
        office.book("a.xlsx").rename(office.src / "a.xlsm")
    else:
        office.csv("a.csv", encoding="gb18030" if kind == "gb.csv" else "utf-8-sig")
    assert office.run()[0] == 0
    assert result()["Customer"] == ["甲有限公司", "Bob Ltd", "Cid", "Dee", "Eve"]
    assert result()["Tier"] == ["A", "A", "B", "B", "C"]


def test_the_report_is_a_workbook_and_json(office):
    office.book("a.xlsx")
    office.book("b.xlsx", [("only a title",)])
    code, done = office.run()
    assert code == 4
    assert json.loads((office.out / "conversion-report.json").read_text("utf-8")) == done
    assert done["template"] == "customer-master"
    book = openpyxl.load_workbook(office.out / "conversion-report.xlsx")
    files = [[cell.value for cell in row] for row in book["Files"].iter_rows()]
    assert [line[:2] for line in files[1:]] == [
        [str(office.src / "a.xlsx"), "converted"], [str(office.src / "b.xlsx"), "failed"],
    ]  # fmt: skip
    assert files[2][files[0].index("Error")] == done["files"][1]["error"]
    columns = [[cell.value for cell in row] for row in book["Columns"].iter_rows(min_row=2)]
    assert [line[1:3] for line in columns] == [
        ["customer", "客户名称"],
        ["rep", "Rep"],
        ["value", "Sales"],
        [None, "Fax"],
    ]


def test_a_preview_writes_nothing(office):
    office.book("a.xlsx")
    code, done = office.run("--preview")
    assert (code, done["output"], done["files"][0]["rows_out"]) == (0, None, 5)
    assert done["files"][0]["mapping"]["value"]["header"] == "Sales"
    assert not office.out.exists()


def test_another_model_grades_the_same_customers(office, result):
    rows = [("Customer", "Sales"), *((f"c{i}", 100 - i) for i in range(20))]
    office.book("a.xlsx", rows)
    assert office.run("--model", "rank-abc")[0] == 0
    assert result()["Tier"] == ["A"] + ["B"] * 3 + ["C"] * 16  # the top 5 %, then 20 %


cells = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.text("ab公司 1,.%¥\n", max_size=6),
    st.sampled_from(["Total", "合计", "n/a", "#N/A", "12%", True]),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12))
def test_no_row_and_no_cell_is_lost(rows):
    """Every row is taken, rejected, or told as left out; every cell of a row is in its columns or on a sheet beside."""
    lines = [["Customer", "Sales", "Note"], *map(list, rows)]
    book = RowBook({"S": RowSheet(lambda: (lines, []))})
    fields = fields_of("customer-master")
    try:
        (taken,) = take_all(book, place(book, "customer-master", Wish()), fields, "en")
    except TieraddinError:
        return  # in a sentence
    if taken.placed.others:
        return  # rows below a blank one that look like a table of their own, which is told
    full = [n for n, row in enumerate(rows, 2) if any(c is not None and str(c).strip() for c in row)]
    left_out = {out.row for out in taken.placed.found.left_out}
    rejected = taken.rejected[1][0] if taken.rejected[1] else []
    used = [n for n in full if n not in left_out and n not in rejected]
    assert taken.rows_in == taken.count + len(rejected)
    assert taken.count == len(used)
    notes = dict(zip(taken.unmapped[0][1:], taken.unmapped[1][1:], strict=True)).get("Note", [None] * taken.count)
    for cell, row in zip(notes, used, strict=True):
        assert (cell or None) == (rows[row - 2][2] or None)
    for line, row in enumerate(rejected):
        assert [column[line] or None for column in taken.rejected[1][2:]] == [cell or None for cell in rows[row - 2]]
    for cell, row in zip(taken.columns["customer"].cells(), used, strict=True):
        assert cell == shown(rows[row - 2][0])


def shown(cell):
    """A customer's name as text."""
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip()
