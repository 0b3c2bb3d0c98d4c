from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import use_language
from tieraddin.tables.detect import choose, find_tables, left_out_said, table_in
from tieraddin.tables.layout import Area, KindGrid, TableInfo, parse_area
from tieraddin.tables.values import CellError, Column, Kind

HEAD = ["客户", "城市", "销售额"]
ACME = ["Acme", "上海", 10]
BETA = ["Beta", "北京", 20]
CORA = ["Cora", "广州", 30]
B = [None]


def only(sheet):
    [table] = sheet.found()
    return table


def left(table):
    return {row: str(why) for row, why in table.left_out}


def test_a_plain_table(sheet):
    table = only(sheet([HEAD, ACME, BETA]))
    assert (table.name, table.header_rows, table.area) == (None, [1], Area(1, 1, 3, 3))
    assert (table.headers, table.rows.tolist(), table.left_out) == (HEAD, [2, 3], [])


ONE_HEADER = {
    "header not in row 1": ([B, B, HEAD, ACME, BETA], "", [3], [4, 5], {}),
    "a title": ([["客户销售表"], HEAD, ACME], "A1:C1", [2], [3], {}),
    "a title over a header that names two columns alike": (
        [["客户销售表"], [*HEAD, "备注", "备注"], [*ACME, "a", "b"], [*BETA, "c", None]],
        "",
        [2],
        [3, 4],
        {},
    ),
    "a title apart": ([["客户销售表"], B, HEAD, ACME], "A1:C1", [3], [4], {}),
    "a title and notes of the head": (
        [["客户销售表"], ["单位：万元", None, "日期：2026-01-31"], HEAD, ACME],
        "A1:C1",
        [3],
        [4],
        {},
    ),
    "a blank row under the header": ([HEAD, B, ACME, BETA], "", [1], [3, 4], {2: "blank"}),
    "blank rows between customers": (
        [HEAD, ACME, B, B, BETA, B, CORA],
        "",
        [1],
        [2, 5, 7],
        {3: "blank", 4: "blank", 6: "blank"},
    ),
    "totals below": ([HEAD, ACME, BETA, ["合计", None, 30]], "", [1], [2, 3], {4: "totals"}),
    "totals below, apart": ([HEAD, ACME, BETA, B, ["Grand Total:", None, 30]], "", [1], [2, 3], {5: "totals"}),
    "totals in the second column": (
        [["序号", *HEAD], [1, *ACME], [2, *BETA], [None, "总 计", None, 30]],
        "",
        [1],
        [2, 3],
        {4: "totals"},
    ),
    "totals under the header": ([HEAD, ["合计", None, 30], ACME, BETA], "", [1], [3, 4], {2: "totals"}),
    "totals above the header": ([["合计", None, 30], HEAD, ACME, BETA], "", [2], [3, 4], {1: "totals"}),
    "subtotals between": (
        [HEAD, ACME, ["小计", None, 10], BETA, ["小计（元）", None, 20], ["总计", None, 30]],
        "",
        [1],
        [2, 4],
        {3: "totals", 5: "totals", 6: "totals"},
    ),
    "subtotals of a region": (
        [["区域", "客户", "销售额"], ["华东", "Acme", 1], ["华东", "小计", 1], [None, "Beta", 2], ["合计", None, 3]],
        "",
        [1],
        [2, 4],
        {3: "totals", 5: "totals"},
    ),
    "particulars above": ([["部门", "销售部"], HEAD, ACME, BETA], "", [2], [3, 4], {}),
    "values that are words of measure": ([HEAD, ["Acme", "average", 1], ["Beta", "平均", 2]], "", [1], [2, 3], {}),
    "customers of whom little is known, apart": (
        [["a", "b", "c", "d", "e", "f", "g", "h", "i"], [*"abcdefgh", 1], B, ["x", "y", 1]],
        "",
        [1],
        [2, 4],
        {3: "blank"},
    ),
    "Excel's own subtotals": (
        [
            ["Region", "Sales"],
            ["East", 1],
            ["East", 2],
            ["East Total", 3],
            ["Total War Ltd Total", 9],
            ["Grand Total", 12],
        ],
        "",
        [1],
        [2, 3, 5],
        {4: "totals", 6: "totals"},
    ),
    "the header printed again": ([HEAD, ACME, HEAD, BETA], "", [1], [2, 4], {3: "header"}),
    "the header again after a gap": ([HEAD, ACME, B, HEAD, BETA, CORA], "", [1], [2, 5, 6], {3: "blank", 4: "header"}),
    "notes below": (
        [HEAD, ACME, BETA, B, ["以上数据来自系统"], ["制表人：张三"]],
        "",
        [1],
        [2, 3],
        {5: "note", 6: "note"},
    ),
    "a note close below": ([HEAD, ACME, BETA, ["注：单位万元"]], "", [1], [2, 3], {4: "note"}),
    "totals, then a note": ([HEAD, ACME, ["合计", None, 10], ["备注：无"]], "", [1], [2], {3: "totals", 4: "note"}),
    "a merged line between": (
        [HEAD, ["华东区"], ACME, ["华南区"], BETA],
        "A2:C2 A4:C4",
        [1],
        [3, 5],
        {2: "note", 4: "note"},
    ),
    "a customer of whom only the name is known": (
        [HEAD, ACME, ["Dora"], ["Total Energies", "巴黎", 5]],
        "",
        [1],
        [2, 3, 4],
        {},
    ),
    "errors and blanks": ([HEAD, ["Acme", None, CellError("#N/A")], BETA], "", [1], [2, 3], {}),
    "all text": ([["客户", "城市"], ["Acme", "上海"], ["Beta", "北京"]], "", [1], [2, 3], {}),
    "all text, with gaps": (
        [["客户", "城市"], ["Acme", "上海"], B, ["Beta", "北京"], ["Cora", "广州"]],
        "",
        [1],
        [2, 4, 5],
        {3: "blank"},
    ),
    "one column": ([["销售额"], [1], [2]], "", [1], [2, 3], {}),
}


@pytest.mark.parametrize("rows, merged, header_rows, customers, left_out", ONE_HEADER.values(), ids=ONE_HEADER)
def test_layouts(sheet, rows, merged, header_rows, customers, left_out):
    table = only(sheet(rows, merged))
    assert table.header_rows == header_rows
    assert table.rows.tolist() == customers
    assert left(table) == left_out


SEVERAL_ROWS = {
    "merged": (
        [["客户", "2024年", None, "2025年", None], [None, "销售额", "利润", "销售额", "利润"], ["Acme", 1, 2, 3, 4]],
        "A1:A2 B1:C1 D1:E1",
        ["客户", "2024年 销售额", "2024年 利润", "2025年 销售额", "2025年 利润"],
    ),
    "years under a group": (
        [["客户", "城市", "销售额", None], [None, None, 2024, 2025], ["Acme", "上海", 3, 4]],
        "A1:A2 B1:B2 C1:D1",
        ["客户", "城市", "销售额 2024", "销售额 2025"],
    ),
    "three rows": (
        [
            ["客户", "业绩", None, None, None],
            [None, "去年", None, "今年", None],
            [None, "a", "b", "a", "b"],
            ["Acme", 1, 2, 3, 4],
        ],
        "A1:A3 B1:E1 B2:C2 D2:E2",
        ["客户", "业绩 去年 a", "业绩 去年 b", "业绩 今年 a", "业绩 今年 b"],
    ),
    "not merged": (
        [["客户", "去年", None, "今年", None], [None, "销售额", "利润", "销售额", "利润"], ["Acme", 1, 2, 3, 4]],
        "",
        ["客户", "去年 销售额", "去年 利润", "今年 销售额", "今年 利润"],
    ),
    "names of customers in the lower row": (
        [
            [None, "去年", None, None, "今年", None, None],
            ["客户", "a", "b", "c", "a", "b", "c"],
            ["Acme", 1, 2, 3, 4, 5, 6],
        ],
        "",
        ["客户", "去年 a", "去年 b", "去年 c", "今年 a", "今年 b", "今年 c"],
    ),
    "customers all text, merged": (
        [["客户", "联系", None], [None, "电话", "邮箱"], ["Acme", "a", "b"], ["Beta", "c", "d"]],
        "A1:A2 B1:C1",
        ["客户", "联系 电话", "联系 邮箱"],
    ),
}


@pytest.mark.parametrize("rows, merged, headers", SEVERAL_ROWS.values(), ids=SEVERAL_ROWS)
def test_a_header_in_several_rows(sheet, rows, merged, headers):
    table = only(sheet([["标题"], *rows], " ".join(_down(area) for area in merged.split())))
    assert table.headers == headers
    assert table.header_rows[0] == 2
    assert table.rows.tolist() == list(range(table.header_rows[-1] + 1, len(rows) + 2))


def _down(text):
    area = parse_area(text)
    return str(area._replace(first_row=area.first_row + 1, last_row=area.last_row + 1))


def test_headers_that_are_years_or_dates(sheet):
    table = only(sheet([["客户", 2024, 2025.0, dt.date(2026, 1, 1), "备 注\n说明"], ["Acme", 1, 2, 3, None]]))
    assert table.headers == ["客户", "2024", "2025", "2026-01-01", "备 注 说明"]
    assert table.rows.tolist() == [2]


def test_a_text_table_with_an_unnamed_column_has_one_header_row(sheet):
    table = only(sheet([["客户", None, "电话"], ["Acme", "上海", "1"], ["Beta", "北京", "2"]]))
    assert (table.header_rows, table.headers, table.rows.tolist()) == ([1], ["客户", "", "电话"], [2, 3])


def test_a_blank_column_within(sheet):
    table = only(sheet([["客户", None, "城市", "销售额"], ["Acme", None, "上海", 1], ["Beta", None, "北京", 2]]))
    assert table.headers == ["客户", "", "城市", "销售额"]
    assert table.area == Area(1, 1, 3, 4)


def test_side_by_side(sheet):
    rows = [[*HEAD, None, "产品", "价格"], [*ACME, None, "P", 1], [*BETA, None, None, None], CORA, ["合计", None, 60]]
    one, two = sheet(rows).found()
    assert (one.headers, one.rows.tolist(), left(one)) == (HEAD, [2, 3, 4], {5: "totals"})
    assert (two.headers, two.rows.tolist(), two.first_column) == (["产品", "价格"], [2], 5)


def test_side_by_side_under_the_same_headers(sheet):
    one, two = sheet([[*HEAD, None, *HEAD], [*ACME, None, *BETA], [*BETA, None, *CORA]]).found()
    assert (one.area, two.area) == (Area(1, 1, 3, 3), Area(1, 5, 3, 7))


def test_one_below_the_other(sheet):
    rows = [HEAD, ACME, BETA, B, ["产品表"], ["产品", "价格"], ["P", 1], ["Q", 2]]
    one, two = sheet(rows).found()
    assert (one.headers, one.rows.tolist()) == (HEAD, [2, 3])
    assert (two.headers, two.header_rows, two.rows.tolist()) == (["产品", "价格"], [6], [7, 8])


def test_the_same_header_under_a_title_begins_another_table(sheet):
    one, two = sheet([["华东"], HEAD, ACME, B, ["华南"], HEAD, BETA]).found()
    assert (one.rows.tolist(), two.rows.tolist()) == ([3], [7])


def test_wide_above_two_narrow(sheet):
    rows = [
        ["a", "b", "c", "d", "e"],
        ["x", 1, 2, 3, 4],
        B,
        ["p", "q", None, "r", "s"],
        ["x", 1, None, "y", 2],
        ["z", 3],
    ]
    assert [str(table.area) for table in sheet(rows).found()] == ["A1:E2", "A4:B6", "D4:E5"]


def test_an_excel_table(sheet):
    info = TableInfo("客户表", Area(2, 2, 6, 4), 1, 1, HEAD)
    rows = [B, [None, *HEAD], [None, *ACME], B, [None, "小计", None, 5], [None, "合计", None, 10], B, ["注：x"]]
    table = only(sheet(rows, tables=[info]))
    assert (table.name, table.header_rows, table.headers) == ("客户表", [2], HEAD)
    assert (table.rows.tolist(), left(table)) == ([3], {5: "totals"})


@pytest.mark.parametrize(
    "below, told",
    [
        ([BETA, CORA], {4: "below", 5: "below"}), ([BETA, B, CORA], {4: "below"}), ([["Beta", None, 5]], {4: "below"}),
        ([B, BETA], {}), ([["注：x"]], {}), ([["合计", None, 10]], {}), ([["Total", "", 10], BETA], {}), ([], {}),
    ],
)  # fmt: skip
def test_rows_right_below_an_excel_table_are_told(sheet, below, told):
    rows = [HEAD, ACME, BETA, *below]
    table = sheet(rows, tables=[TableInfo("T1", Area(1, 1, 3, 3), 1, 0, HEAD)]).found()[0]
    assert (table.rows.tolist(), left(table)) == ([2, 3], told)


def test_an_excel_table_below_another_is_not_told_as_its_rows(sheet):
    tables = [TableInfo("T1", Area(1, 1, 2, 3), 1, 0, HEAD), TableInfo("T2", Area(3, 1, 4, 3), 1, 0, HEAD)]
    assert [left(table) for table in sheet([HEAD, ACME, HEAD, BETA], tables=tables).found()] == [{}, {}]


def test_an_excel_table_without_header_row_or_customers(sheet):
    bare = TableInfo("T1", Area(1, 1, 2, 3), 0, 0, HEAD)
    assert only(sheet([ACME, BETA], tables=[bare])).rows.tolist() == [1, 2]
    empty = only(sheet([HEAD], tables=[TableInfo("T2", Area(1, 1, 2, 3), 1, 0, HEAD)]))
    assert (empty.rows.tolist(), empty.area) == ([], Area(1, 1, 2, 3))


def test_an_excel_table_beside_a_plain_one(sheet):
    info = TableInfo("T1", Area(1, 1, 3, 3), 1, 0, HEAD)
    rows = [[*HEAD, "产品", "价格"], [*ACME, "P", 1], [*BETA, "Q", 2]]
    assert [(t.name, str(t.area)) for t in sheet(rows, tables=[info]).found()] == [("T1", "A1:C3"), (None, "D1:E3")]


def test_a_title_and_a_total_around_an_excel_table_are_no_table(sheet):
    info = TableInfo("T1", Area(3, 1, 5, 3), 1, 0, HEAD)
    rows = [["Customers of 2026"], B, HEAD, ACME, BETA, B, ["Total", None, 10]]
    assert [table.name for table in sheet(rows, tables=[info]).found()] == ["T1"]


@pytest.mark.parametrize("rows", [[], [B], [ACME, BETA], [["只有标题"]], [HEAD], [["Acme", 1.5], ["Beta", 2.5]]])
def test_no_table_is_refused(sheet, rows):
    with pytest.raises(TableRefused, match="Sheet1"):
        sheet(rows).found()


def test_a_marked_area(sheet):
    page = sheet([["销量", 5, "客户数", 2], HEAD, ACME, BETA, CORA, ["x", "y", "z"]])
    with pytest.raises(TableRefused):
        page.found()
    table = table_in(page.grid(), page.read, parse_area("A2:B4"), sheet="S")
    assert (table.headers, table.rows.tolist(), table.area) == (HEAD[:2], [3, 4], Area(2, 1, 4, 2))
    for area in ("A3:C5", "A2:C2", "F1:G9"):
        with pytest.raises(TableRefused, match=area):
            table_in(page.grid(), page.read, parse_area(area), sheet="S")


def test_choosing(sheet):
    info = TableInfo("客户表", Area(1, 1, 3, 3), 1, 0, HEAD)
    found = sheet([[*HEAD, None, "产品", "价格"], [*ACME, None, "P", 1], [*BETA, None, "Q", 2]], tables=[info]).found()
    for wanted, which in (("客户表", 0), ("B2", 0), ("F2", 1), ("$E$1:$F$3", 1)):
        assert choose(found, wanted, sheet="S") is found[which]
    for wanted in ("H9", "nothing"):
        with pytest.raises(UsageError, match=rf"{wanted}.*客户表 \(A1:C3\), E1:F3"):
            choose(found, wanted, sheet="S")


@pytest.mark.usefixtures("english")
def test_what_is_left_out_is_said(sheet):
    total = ["合计", None, 1]
    table = only(sheet([HEAD, ACME, total, total, total, HEAD, BETA, total, B, CORA, ["注：x"]]))
    assert left_out_said(table) == [
        "Left out as totals: row 3-5, 8.",
        "Left out as a repeated header: row 6.",
        "Left out as a note: row 11.",
    ]
    use_language("zh")
    assert "3-5、8" in left_out_said(table)[0]
    assert left_out_said(only(sheet([HEAD, ACME]))) == []


@st.composite
def layouts(draw):
    """A sheet with one table, and where its customers are."""
    width = draw(st.integers(2, 6))
    rows, merged = [], []
    first = draw(st.integers(0, 3)) * [None]
    for title in draw(st.lists(st.sampled_from(["销售表", "Sales report", None]), max_size=2)):
        rows.append([*first, title])
    grouped = draw(st.booleans()) and width > 2
    headers = [f"列{i}" for i in range(width)]
    if grouped:
        row = len(rows) + 1
        merged.append(str(Area(row, len(first) + 1, row + 1, len(first) + 1)))
        merged.append(str(Area(row, len(first) + 2, row, len(first) + width)))
        rows += [[*first, headers[0], "组", *[None] * (width - 2)], [*first, None, *headers[1:]]]
        headers = [headers[0], *(f"组 {header}" for header in headers[1:])]
    else:
        rows.append([*first, *headers])
    header_row, customers, totals = len(rows), [], []
    events = st.sampled_from(["customer"] * 6 + ["gap", "total", "half"])
    for event in ["customer", *draw(st.lists(events, max_size=25)), "customer"]:
        if event == "gap":
            rows.append([])
            continue
        row = [f"客户{len(rows)}", *[float(len(rows) * 10 + i) + 0.5 for i in range(width - 1)]]
        if event == "total":
            row[0] = draw(st.sampled_from(["合计", "小计：", "Total", "SUBTOTAL"]))
        if event == "half":
            row[-1] = None if width > 2 else row[-1]
        rows.append([*first, *row])
        (totals if event == "total" else customers).append(len(rows))
    return rows, merged, headers, header_row, customers, totals


@given(layouts())
def test_a_table_written_is_found_again(sheet, layout):
    rows, merged, headers, header_row, customers, totals = layout
    table = only(sheet(rows, " ".join(merged)))
    assert table.header_rows[-1] == header_row
    assert table.headers == headers
    assert table.rows.tolist() == customers
    assert [row for row, why in table.left_out if why == "totals"] == totals
    told = {row for row, _ in table.left_out}
    assert told | set(customers) >= set(range(header_row + 1, customers[-1] + 1))
    assert not told & set(customers)


def test_a_million_rows(sheet):
    n = 1_000_000
    kinds = np.full((n, 6), Kind.NUMBER, np.uint8)
    kinds[:, 0] = Kind.TEXT
    kinds[0] = Kind.TEXT
    names = ["名称", *(f"客户{i}" for i in range(n - 2)), "合计"]
    column = Column(kinds[:, 0], np.full(n, np.nan), np.arange(n, dtype=np.int32), names)

    def read(area):
        rows = slice(area.first_row - 1, area.last_row)
        label = Column(column.kinds[rows], column.numbers[rows], column.codes[rows], names)
        number = (
            Column.of([f"列{area.first_row}", *[1.0] * (area.last_row - area.first_row)])
            if area.last_row < 100
            else label
        )
        return [label if c == 1 else number for c in range(area.first_column, area.last_column + 1)]

    [table] = find_tables(
        KindGrid(np.arange(1, n + 1, dtype=np.int32), np.arange(1, 7, dtype=np.int32), kinds), read, sheet="S"
    )
    np.testing.assert_array_equal(table.rows, np.arange(2, n))
    assert left(table) == {n: "totals"}


@given(layouts(), st.integers(1, 4))
def test_result_columns_beside_a_table_change_nothing(sheet, layout, count):
    rows, merged, headers, header_row, customers, _ = layout
    before = only(sheet(rows, " ".join(merged)))
    graded = [list(row) for row in rows]
    width = before.area.last_column
    for row in [header_row, *customers]:
        graded[row - 1] += [None] * (width - len(graded[row - 1]))
        results = (
            [f"结果{i}" for i in range(count)]
            if row == header_row
            else ["A", "因为", None, dt.date(2026, 1, 31)][:count]
        )
        graded[row - 1] += results
    after = only(sheet(graded, " ".join(merged)))
    assert after.headers[: len(headers)] == headers
    assert after.headers[len(headers) :] == [f"结果{i}" for i in range(count)]
    assert after.rows.tolist() == before.rows.tolist()
    assert after.left_out == before.left_out
    assert after.header_rows == before.header_rows
