from __future__ import annotations

from types import SimpleNamespace

import pytest

from tieraddin.errors import TableRefused, UsageError
from tieraddin.tables.layout import Area, TableInfo
from tieraddin.tables.select import named, pick, read_table

HEAD = ["客户", "城市", "销售额"]
ACME = ["Acme", "上海", 10]
BETA = ["Beta", "北京", 20]
PRICE = ["产品", "价格"]


def field(name, zh):
    return SimpleNamespace(name=name, kind="number", required=True, label={"zh": zh, "en": name}, aliases=[])


@pytest.fixture
def page(sheet):
    info = TableInfo("客户表", Area(1, 1, 3, 3), 1, 0, HEAD)
    return sheet([[*HEAD, None, *PRICE], [*ACME, None, "P", 1], [*BETA, None, "Q", 2]], tables=[info])


@pytest.mark.parametrize("wanted, which", [("客户表", 0), ("B2", 0), ("F2", 1), ("$E$1:$F$3", 1)])
def test_a_table_named(page, wanted, which):
    found = page.found()
    assert named(found, wanted, sheet="S") is found[which]


@pytest.mark.parametrize("wanted", ["H9", "nothing"])
def test_a_table_that_is_not_there(page, wanted):
    with pytest.raises(UsageError, match=rf"{wanted}.*客户表 \(A1:C3\), E1:F3"):
        named(page.found(), wanted, sheet="S")


def test_the_only_table_with_the_fields_is_picked(page):
    table, mapping = pick(page.found(), [field("value", "销售额")], sheet="S")
    assert (table.name, mapping["value"].column) == ("客户表", 2)
    table, mapping = pick(page.found(), [field("price", "价格")], sheet="S")
    assert (table.first_column, mapping["price"].column) == (5, 1)
    table, mapping = pick(page.found(), [field("value", "别的")], {"value": "F"}, sheet="S")
    assert (table.first_column, mapping["value"].header) == (5, "价格")


def test_two_tables_with_the_fields_are_refused(sheet):
    page = sheet([[*HEAD, None, *HEAD], [*ACME, None, *BETA]])
    with pytest.raises(TableRefused, match="A1:C2, E1:G2"):
        pick(page.found(), [field("value", "销售额")], sheet="S")


def test_why_the_largest_has_not_the_fields(sheet):
    page = sheet([[*PRICE, None, *HEAD], ["P", 1, None, *ACME], [None, None, None, *BETA]])
    with pytest.raises(TableRefused, match="客户, 城市, 销售额"):
        pick(page.found(), [field("value", "利润")], sheet="S")


def test_the_cells_of_the_customers(sheet):
    page = sheet([["标题"], HEAD, ACME, ["合计", None, 9], [], BETA])
    [found] = page.found()
    table = read_table(found, page.read)
    assert (table.headers, table.rows.tolist()) == (HEAD, [3, 6])
    assert [[column[i] for column in table.columns] for i in range(2)] == [ACME, BETA]
    [value] = read_table(found, page.read, [2]).columns
    assert value.numbers.tolist() == [10, 20]


def test_no_customers_yet(sheet):
    page = sheet([HEAD], tables=[TableInfo("T", Area(1, 1, 2, 3), 1, 0, HEAD)])
    table = read_table(page.found()[0], page.read)
    assert (table.headers, len(table), [len(column) for column in table.columns]) == (HEAD, 0, [0, 0, 0])
