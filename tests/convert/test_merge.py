"""One workbook from all: every row kept, graded together, what may be one customer listed for a decision."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.actions.doubles import doubles, normalised
from tieraddin.tables.values import Column

SAME = [
    ["光明有限责任公司", "光明", "光明股份有限公司", "光明 股份 有限公司", "光明（有限责任公司）", "光明有限公司 "],
    [
        "Blue Sky LLC",
        "BLUE SKY L.L.C.",
        "ｂｌｕｅ　ｓｋｙ，Ｉｎｃ．",
        "Blue-Sky Co.，Ltd.",
        "Blue Sky GmbH & Co. KG",
        "blue sky, limited",
    ],
    ["甲有限公司", "甲", "甲 有限 公司", "甲公司", "甲（有限公司）"],
    ["ＡＣＭＥ Co., Ltd.", "acme", "Acme Ltd", "ACME Limited", "Acme, Inc.", "Acme  GmbH", "Acme Co.,Ltd"],
    ["上海 光明 股份有限公司", "上海光明股份有限公司", "上海光明"],
    ["Smith & Sons", "smith&sons", "Smith  & sons plc"],
]
APART = [
    "甲",
    "乙有限公司",
    "Acme 1-11",
    "Acme 11-1",
    "Acme",
    "Cobalt",
    "Cob",
    "Ag",
    "有限公司",
    "Ltd",
    "Inc",
    "甲北京分公司",
    "甲集团",
]


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


def test_what_a_person_typed_into_a_result_hinders_no_merge(office, result):
    office.book("a.xlsx")
    office.run()
    book = openpyxl.load_workbook(office.out / "a.xlsx")
    book.worksheets[0]["G4"], book.worksheets[0]["G5"] = -3, 12
    book.save(office.out / "a.xlsx")
    assert office.run("--merge")[1]["merged"]["rows"] == 5
    assert len(result("merged.xlsx")["Last contact"]) == 5


def test_nothing_to_merge(office):
    office.book("a.xlsx", [("only a title",)])
    code, done = office.run("--merge")
    assert code == 3
    assert done["merged"]["output"] is None


def merged_of(office, *arguments):
    done = office.run("--merge", *arguments)[1]
    assert done["merged"].get("error") is None
    return done["merged"]


def decide(office, decisions, sheet="Duplicates", column=3):
    """Write beside the rows of the list, as a person does in Excel."""
    import openpyxl

    book = openpyxl.load_workbook(office.out / "merged.xlsx")
    for row, text in decisions.items():
        book[sheet].cell(row, column, text)
    book.save(office.out / "merged.xlsx")


def two_offices(office):
    office.book("a.xlsx", [("Customer", "Sales", "Fax"), ("Ann Ltd", 500, "f1"), ("Bo", 300, None), (None, 9, "lost")])
    office.book(
        "b.xlsx",
        [
            ("客户名称", "Sales", "Fax", "File"),
            ("Ａnn", 120, "f3", "x"),
            ("Bo Inc", "?", None, "y"),
            ("Dee", 50, None, "z"),
        ],
    )


def test_what_has_no_place_and_what_was_rejected_is_carried_over(office, result):
    two_offices(office)
    assert merged_of(office)["rows"] == 4
    a, b = str(office.src / "a.xlsx"), str(office.src / "b.xlsx")
    assert result("merged.xlsx", "Unmapped") == {
        "Row here": [4, 5, 6, 7],
        "File": [a, a, b, b],
        "Fax": ["f1", None, "f3", None],
        "File (2)": [None, None, "x", "z"],
    }
    rejected = result("merged.xlsx", "Rejected")
    assert rejected["File"] == [a, b]
    assert rejected["Row in the source"] == [4, 3]
    assert rejected["Sales"] == [9, "?"]
    assert rejected["Fax"] == ["lost", None]
    assert "who the customer is" in rejected["Reason"][0]


@pytest.mark.parametrize("lang, keep, drop", [("en", "keep", " Drop "), ("zh", "保留", "去除"), ("en", "保留", "drop")])
def test_what_is_dropped_is_left_out_by_the_next_merge(office, result, lang, keep, drop):
    two_offices(office)
    names = {"en": ("Duplicates", "Customer", "Value", "Rejected"), "zh": ("可能重复", "客户", "销售额", "未采用的行")}[
        lang
    ]
    assert len(merged_of(office, "--lang", lang)["duplicates"]) == 1
    decide(office, {4: keep, 5: drop}, names[0])
    again = merged_of(office, "--lang", lang)
    assert (again["rows"], again["dropped"], again["duplicates"]) == (3, 1, [])
    columns = result("merged.xlsx")
    assert columns[names[1]] == ["Ann Ltd", "Bo", "Dee"]
    assert columns[names[2]] == [500, 300, 50]
    rejected = result("merged.xlsx", names[3])
    assert rejected[names[1]][-1] == "Ａnn"
    assert rejected[names[2]][-1] == 120
    listed = result("merged.xlsx", names[0])
    heads = list(listed)
    assert [cell.strip() for cell in listed[heads[2]]] == [keep.strip(), drop.strip()]
    assert listed[heads[3]] == [4, None]
    merged_of(office, "--lang", lang)
    assert result("merged.xlsx")[names[1]] == ["Ann Ltd", "Bo", "Dee"], "a third run knows it still"


def test_all_rows_of_a_group_may_stay(office, result):
    two_offices(office)
    merged_of(office)
    decide(office, {4: "keep", 5: "keep"})
    again = merged_of(office)
    assert (again["rows"], again["dropped"], again["duplicates"]) == (4, 0, [])


@pytest.mark.parametrize("lang, said", [("en", "all rows of Ann Ltd"), ("zh", "Ann Ltd 的所有行")])
def test_a_customer_is_never_dropped_altogether(office, lang, said):
    two_offices(office)
    merged_of(office, "--lang", lang)
    decide(office, {4: "drop", 5: "drop"}, "Duplicates" if lang == "en" else "可能重复")
    before = (office.out / "merged.xlsx").read_bytes()
    code, done = office.run("--merge", "--lang", lang)
    assert (code, done["merged"]["key"]) == (4, "convert.merge_drops_all")
    assert said in done["merged"]["error"]
    assert (office.out / "merged.xlsx").read_bytes() == before


def test_a_customer_is_not_dropped_by_two_groups_together(office):
    """Each group keeps a row, but that of one is dropped by the other."""
    rows = [("Customer No", "Customer", "Sales"), ("K1", "Ann", 5), ("K1", "Bea", 6), ("K2", "Ann", 7)]
    office.book("a.xlsx", rows)
    groups = merged_of(office)["duplicates"]
    assert [[at["row"] for at in group["rows"]] for group in groups] == [[4, 5], [4, 6]]
    decide(office, {4: "keep", 5: "drop", 6: "drop", 7: "keep"})
    code, done = office.run("--merge")
    assert (code, done["merged"]["key"]) == (4, "convert.merge_drops_all")


def test_decisions_are_not_taken_for_another_file_of_that_name(office, result):
    rows = [("Customer", "Sales"), ("Ann", 5)]
    for folder in ("north", "south"):
        office.book(f"{folder}/a.xlsx", rows)
    merged_of(office)
    decide(office, {4: "drop", 5: "keep"})
    office.book("east/a.xlsx", [rows[0], ("Ann", 9)])
    again = merged_of(office)
    assert (again["dropped"], len(again["duplicates"])) == (1, 1)
    assert result("merged.xlsx")["Value"] == [9, 5]
    assert result("merged.xlsx", "Duplicates")["Decision"] == [None, "drop", "keep"]


def test_a_note_of_ones_own_decides_nothing_and_is_kept(office, result):
    two_offices(office)
    merged_of(office)
    decide(office, {4: "ask Bob", 5: "drop"})
    again = merged_of(office)
    assert (again["rows"], again["dropped"], len(again["duplicates"])) == (3, 1, 1)
    assert result("merged.xlsx", "Duplicates")["Decision"] == ["ask Bob", "drop"]


def test_decisions_hold_when_a_source_changes(office, result):
    """Rows are known again by file, number and name; of two that are alike in all that, by their order."""
    rows = [("Customer No", "Customer", "Sales"), ("K1", "Ann", 5), ("K1", "Ann", 6), ("K2", "Bo", 7)]
    office.book("a.xlsx", rows)
    merged_of(office)
    decide(office, {4: "keep", 5: "drop"})
    office.book("a.xlsx", [rows[0], ("K0", "Zoe", 1), *rows[1:]])
    office.book("0.xlsx", [rows[0], ("K9", "Pat", 2), ("K9", "Pat", 3)])
    again = merged_of(office)
    assert result("merged.xlsx")["Value"] == [2, 3, 1, 5, 7]
    assert [group["value"] for group in again["duplicates"]] == ["K9"]
    listed = result("merged.xlsx", "Duplicates")
    assert listed["Customer number"] == ["K9", "K9", "K1", "K1"], "what is to be decided comes first"
    assert listed["Decision"] == [None, None, "keep", "drop"]
    sources = result("merged.xlsx", "Sources")
    assert [sources[key] for key in ("First row", "Last row")] == [[4, 6], [5, 8]]


def test_a_file_of_which_all_is_dropped_has_no_rows(office, result):
    office.book("a.xlsx", [("Customer", "Sales"), ("Ann", 500)])
    office.book("b.xlsx", [("Customer", "Sales"), ("Ann", 500), ("Bo", 1)])
    merged_of(office)
    decide(office, {4: "drop", 5: "keep"})
    merged_of(office)
    sources = result("merged.xlsx", "Sources")
    assert [sources[key] for key in ("First row", "Last row")] == [[None, 4], [None, 5]]


def test_rows_are_neither_lost_nor_doubled(office, result):
    """What came out of all files is in the merged table, or left out as decided."""
    two_offices(office)
    office.book("c.xlsx", [("Customer", "Sales"), ("Bo", 4), ("Dee Ltd", 2), ("dee", 1)])
    done = office.run("--merge")[1]
    decide(office, {4: "drop", 6: "drop", 8: "drop"})
    again = office.run("--merge")[1]
    out = sum(entry["rows_out"] for entry in done["files"])
    assert again["merged"]["rows"] + again["merged"]["dropped"] == out
    assert again["merged"]["dropped"] == 3
    assert len(result("merged.xlsx")["Customer"]) == out - 3


def test_a_merged_workbook_that_cannot_be_read_is_left_alone(office):
    two_offices(office)
    merged_of(office)
    (office.out / "merged.xlsx").write_bytes(b"PK mine")
    code, done = office.run("--merge")
    assert code == 4
    assert "merged.xlsx" in done["merged"]["error"]
    assert (office.out / "merged.xlsx").read_bytes() == b"PK mine"
