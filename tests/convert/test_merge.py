"""One workbook from all: every row kept, graded together, what may be one customer listed for a decision."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.actions.merge import doubles, normalised
from tieraddin.tables.values import Column

SAME = [
    ["甲有限公司", "甲", "甲 有限 公司", "甲公司", "甲（有限公司）"],
    ["ＡＣＭＥ Co., Ltd.", "acme", "Acme Ltd", "ACME Limited", "Acme, Inc.", "Acme  GmbH", "Acme Co.,Ltd"],
    ["上海 光明 股份有限公司", "上海光明股份有限公司", "上海光明"],
    ["Smith & Sons", "smith&sons", "Smith  & sons plc"],
]
APART = ["甲", "乙有限公司", "Acme 1-11", "Acme 11-1", "Acme", "Cobalt", "Cob", "Ag", "有限公司", "Ltd", "Inc"]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[-1])
def test_names_of_one_company(names):
    assert len({normalised(name) for name in names}) == 1


def test_names_of_others_stay_apart():
    assert len({normalised(name) for name in APART}) == len(APART)


@given(st.text(max_size=12))
def test_a_name_that_says_something_is_never_nothing(name):
    assert normalised(name) or not name.strip()


def test_doubles_are_found_by_number_then_by_name():
    columns = {
        "number": Column.of(["K1", "K2", "Ｋ１", None, "K5", "K6", "K6"]),
        "customer": Column.of(["Ann", "Bo Ltd", "Ann", "bo", "Cy", "Di", "Di"]),
    }
    found = [(group.by, group.rows) for group in doubles(columns)]
    assert found == [("number", [0, 2]), ("number", [5, 6]), ("customer", [1, 3])]


@given(st.lists(st.sampled_from(["Ann", "ann ltd", "Bo", "Bo Inc", "Cy", None]), max_size=12))
def test_groups_are_those_of_comparing_each_with_each(names):
    pairs = {
        (i, j) for i, a in enumerate(names) for j, b in enumerate(names)
        if i < j and a and b and a.casefold().split()[0] == b.casefold().split()[0]
    }  # fmt: skip
    groups = doubles({"customer": Column.of(names)})
    assert {(i, j) for group in groups for i in group.rows for j in group.rows if i < j} == pairs


def test_all_rows_are_merged_and_doubles_listed(office, result):
    office.book("a.xlsx", [("Customer", "Sales", "Fax"), ("Ann Ltd", 500, 1), ("Bo", 300, 2)])
    office.book("b.xlsx", [("客户名称", "Sales"), ("Ａnn", 120), ("Dee", 50), ("Eve", 30)])
    code, done = office.run("--merge")
    assert code == 0
    columns = result("merged.xlsx")
    assert columns["Customer"] == ["Ann Ltd", "Bo", "Ａnn", "Dee", "Eve"]
    assert columns["Value"] == [500, 300, 120, 50, 30]
    assert columns["Tier"] == ["A", "A", "B", "B", "C"]  # of all together: 50, 80, 92, 97, 100 %
    listed = result("merged.xlsx", "Duplicates")
    assert listed["Group"] == [1, 1]
    assert listed["Same"] == ["name", "name"]
    assert listed["Decision"] == [None, None]
    assert listed["Row"] == [4, 6]
    assert listed["Customer"] == ["Ann Ltd", "Ａnn"]
    assert listed["File"] == [str(office.src / "a.xlsx"), str(office.src / "b.xlsx")]
    sources = result("merged.xlsx", "Sources")
    assert [sources[key] for key in ("First row", "Last row")] == [[4, 6], [5, 8]]
    assert done["merged"]["rows"] == 5
    assert [group["by"] for group in done["merged"]["duplicates"]] == ["customer"]


def test_a_second_run_merges_the_same(office):
    office.book("a.xlsx", [("Customer", "Sales"), ("Ann", 500)])
    office.book("b.xlsx", [("Customer", "Sales"), ("Bo", 120)])
    first = office.run("--merge")[1]["merged"]
    before = (office.out / "merged.xlsx").read_bytes()
    again = office.run("--merge")[1]
    assert [entry["skipped"] for entry in again["files"]] == [True, True]
    assert (office.out / "merged.xlsx").read_bytes() == before
    assert {**again["merged"], "backup": None} == {**first, "backup": None}


def test_a_result_that_is_no_longer_one_is_told(office):
    import openpyxl

    office.book("a.xlsx", [("Customer", "Sales"), ("Ann", 500)])
    office.run()
    book = openpyxl.load_workbook(office.out / "a.xlsx")
    book.worksheets[0].title = "Mine"
    book.save(office.out / "a.xlsx")
    code, done = office.run("--merge")
    assert code == 4
    assert "--force" in done["merged"]["error"]


def test_nothing_to_merge(office):
    office.book("a.xlsx", [("only a title",)])
    code, done = office.run("--merge")
    assert code == 3
    assert done["merged"]["output"] is None
