"""Retier: which columns it writes and finds again, what it keeps of a person's own, and what it says."""

from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import pytest

from .conftest import SALES, TIERS, column_of, fill, headers, sheet_of, under

HEAD = ("Customer", "Sales")
PLAIN = [HEAD, *SALES]
EN = ["Tier", "Tier score", "Tier reason", "Next step"]
ZH = ["等级", "得分", "定级原因", "升级条件"]


def with_macros(source, target, project: bytes):
    """A copy of a workbook as .xlsm, with a project of macros."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    link = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    changes = {
        "[Content_Types].xml": [
            (kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
            (b"<Override ", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override '),
        ],
        "xl/_rels/workbook.xml.rels": [
            (b"</Relationships>", b'<Relationship Id="r99" Target="vbaProject.bin" Type="%s"/></Relationships>' % link)
        ],
    }
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for before, after in changes.get(name, []):
                data = data.replace(before, after, 1)
            new.writestr(name, data)
        new.writestr("xl/vbaProject.bin", project)
    return target


# What is said


def test_json_says_what_was_done(desk):
    path = desk.book([*PLAIN, ("Fay", None)])
    done = desk.done("retier", path, "--model", "value-abc")
    output = str(desk.path("book.tiered.xlsx"))
    assert {key: done[key] for key in ("model", "sheet", "table", "rows", "graded")} == {
        "model": "value-abc", "sheet": "Sheet1", "table": "A1:B7", "rows": 6, "graded": 5,
    }  # fmt: skip
    assert [entry["row"] for entry in done["ungraded"]] == [7]
    assert done["ungraded"][0]["reason"]
    assert done["counts"] == {"A": 2, "B": 2, "C": 1}
    assert done["moves"] == []
    assert done["columns"] == EN
    assert done["output"] == output


@pytest.mark.parametrize(("lang", "names"), [("en", EN), ("zh", ZH)])
def test_people_read_it_in_their_language(lang, names, desk):
    path = desk.book(PLAIN)
    answer = desk.run("retier", path, "--model", "value-abc", "--lang", lang)
    assert answer.code == 0
    assert ("客户" in answer.out) == (lang == "zh")
    assert answer.err == ""
    assert headers(desk.path("book.tiered.xlsx")) == [*HEAD, *names]
    reason = under(sheet_of(desk.path("book.tiered.xlsx")), names[2])[0]
    assert any("一" <= letter <= "鿿" for letter in reason) == (lang == "zh")


def test_no_title_row_is_needed_in_the_output_of_a_preview(desk):
    path = desk.book([(*HEAD, "Status"), *((*row, tier) for row, tier in zip(SALES, "CABBB", strict=True))])
    before = desk.state()
    answer = desk.run("retier", path, "--model", "value-abc", "--preview")
    assert answer.code == 0
    assert "Ann" in answer.out
    assert "Eve" in answer.out
    assert "Bob" not in answer.out
    assert desk.state() == before


# Where the file goes


def test_the_source_is_left_alone(desk):
    path = desk.book(PLAIN)
    before = path.read_bytes()
    desk.done("retier", path, "--model", "value-abc")
    assert path.read_bytes() == before


def test_in_place_keeps_a_backup(desk):
    path = desk.book(PLAIN)
    before = path.read_bytes()
    done = desk.done("retier", path, "--model", "value-abc", "--in-place")
    backup = desk.folder / done["backup"]
    assert done["output"] == str(path)
    assert backup.read_bytes() == before
    assert headers(path) == [*HEAD, *EN]
    assert set(desk.state()) == {"book.xlsx", backup.name}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_new_columns_are_as_wide_as_what_they_hold(lang, desk):
    rows = [("Customer", "Sales", "Recency days", "Frequency"), *((f"C{k}", 10 * k, k, 40 - k) for k in range(1, 40))]
    done = desk.done("retier", desk.book(rows), "--model", "rfm", "--map", "monetary=Sales", "--lang", lang)
    sheet = sheet_of(done["output"])
    for column in sheet.iter_cols(5, sheet.max_column, min_row=2):
        lengths = [len(str(cell.value or "").encode("gb18030")) for cell in column]  # a Chinese character is two wide
        width = sheet.column_dimensions[column[0].column_letter].width
        assert sum(length < width for length in lengths) >= 0.9 * len(lengths)


@pytest.mark.parametrize("named", [True, False])
def test_a_file_that_the_result_replaces_is_kept(named, desk):
    path, target = desk.book(PLAIN), desk.book([("mine",)], "book.tiered.xlsx")
    before = target.read_bytes()
    done = desk.done("retier", path, "--model", "value-abc", *(("-o", target) if named else ()))
    assert done["output"] == str(target)
    assert (desk.folder / done["backup"]).read_bytes() == before
    assert headers(target) == [*HEAD, *EN]


def test_backups_of_two_runs_in_one_second_are_both_kept(desk):
    path = desk.book(PLAIN)
    before = path.read_bytes()
    first = desk.done("retier", path, "--model", "value-abc", "--in-place")
    second = desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert first["backup"] != second["backup"]
    assert (desk.folder / first["backup"]).read_bytes() == before


def test_output_by_name(desk):
    path = desk.book(PLAIN)
    done = desk.done("retier", path, "--model", "value-abc", "-o", desk.path("graded.xlsx"))
    assert done["output"] == str(desk.path("graded.xlsx"))
    assert set(desk.state()) == {"book.xlsx", "graded.xlsx"}


def test_macros_stay(desk):
    """An .xlsm keeps its name's ending, its kind and its project."""
    project = b"\xd0\xcf\x11\xe0 a project of macros"
    macro = with_macros(desk.book(PLAIN), desk.path("macro.xlsm"), project)
    done = desk.done("retier", macro, "--model", "value-abc")
    assert done["output"] == str(desk.path("macro.tiered.xlsm"))
    with zipfile.ZipFile(done["output"]) as file:
        assert file.read("xl/vbaProject.bin") == project
        assert b"sheet.macroEnabled.main+xml" in file.read("[Content_Types].xml")


def test_preview_writes_nothing_and_shows_what_moves(desk):
    path = desk.book([(*HEAD, "Status"), *((*row, tier) for row, tier in zip(SALES, "CABBB", strict=True))])
    before = desk.state()
    done = desk.done("retier", path, "--model", "value-abc", "--preview")
    assert desk.state() == before
    assert done["output"] is None
    assert done["moves"] == [{"from": "C", "to": "A", "count": 1}, {"from": "B", "to": "C", "count": 1}]
    assert done["moved"] == [
        {"row": 2, "customer": "Ann", "from": "C", "to": "A"},
        {"row": 6, "customer": "Eve", "from": "B", "to": "C"},
    ]


@pytest.mark.parametrize(
    ("head", "row", "called"),
    [
        (("Region", "Customer", "Sales", "Status"), ("North", "Ann", 5, "C"), "Ann"),
        (("客户编号", "省份", "销售额", "等级"), (1001, "广东", 5, "C"), "1001"),
        (("Account", "Name", "Sales", "Status"), (740150, "Barton LLC", 5, "C"), "Barton LLC"),
        (("No", "Sales", "Status"), (7, 5, "C"), "7"),
        (("Sales", "Status"), (5, "C"), "C"),
    ],
)
def test_what_customers_are_called_in_a_preview(head, row, called, desk):
    done = desk.done("retier", desk.book([head, row]), "--model", "value-abc", "--preview")
    assert [move["customer"] for move in done["moved"]] == [called]


# Which columns


def test_columns_that_are_asked_for(desk):
    path = desk.book(PLAIN)
    done = desk.done("retier", path, "--model", "value-abc", "--columns", "reason,grade")
    assert done["columns"] == ["Tier", "Tier reason"]
    assert headers(done["output"]) == [*HEAD, "Tier", "Tier reason"]


@pytest.mark.parametrize("columns", ["等级,定级原因", "Tier, Tier reason", "GRADE,reason"])
def test_columns_by_either_name(columns, desk):
    done = desk.done("retier", desk.book(PLAIN), "--model", "value-abc", "--columns", columns)
    assert done["columns"] == ["Tier", "Tier reason"]


# A person's own columns


@pytest.mark.parametrize("own", ["Tier", "tier", "等级", "Grade"])
def test_an_own_column_is_kept_and_serves_as_from(own, desk):
    path = desk.book([(*HEAD, own), *((*row, tier) for row, tier in zip(SALES, "CCCCC", strict=True))])
    done = desk.done("retier", path, "--model", "value-abc")
    sheet = sheet_of(done["output"])
    assert under(sheet, own) == ["C"] * 5
    assert len({str(header).casefold() for header in headers(done["output"])}) == len(headers(done["output"]))
    assert under(sheet, done["columns"][0]) == TIERS
    assert done["columns"][0] != own
    assert done["moves"] == [{"from": "C", "to": "A", "count": 2}, {"from": "C", "to": "B", "count": 2}]
    again = desk.done("retier", done["output"], "--model", "value-abc", "--in-place")
    assert headers(done["output"]) == headers(again["output"])
    assert again["moves"] == []


@pytest.mark.parametrize("own", ["Tier", "等级", "tier", "TIER "])
def test_overwrite_writes_over_it(own, desk):
    path = desk.book([(*HEAD, own), *((*row, tier) for row, tier in zip(SALES, "CCCCC", strict=True))])
    done = desk.done("retier", path, "--model", "value-abc", "--overwrite")
    assert under(sheet_of(done["output"]), own) == TIERS
    assert done["columns"] == [own.strip(), *EN[1:]]
    desk.done("retier", done["output"], "--model", "value-abc", "--in-place")
    assert headers(done["output"]) == [*HEAD, own, *EN[1:]]
    assert done["moves"][0] == {"from": "C", "to": "A", "count": 2}


def test_an_own_reason_column_is_kept(desk):
    path = desk.book([(*HEAD, "Next step"), *((*row, "call") for row in SALES)])
    done = desk.done("retier", path, "--model", "value-abc")
    assert under(sheet_of(done["output"]), "Next step") == ["call"] * 5
    assert done["columns"] == ["Tier", "Tier score", "Tier reason", "Next step (value-abc)"]


def test_formulas_are_not_overwritten(desk):
    """What could not be restored is refused, also with --overwrite."""
    path = desk.book([(*HEAD, "Tier"), *((*row, f'=IF(B{k}>99,"A","B")') for k, row in enumerate(SALES, 2))])
    before = desk.state()
    for more in ([], ["--preview"], ["--in-place"]):
        answer = desk.run("retier", path, "--model", "value-abc", "--overwrite", *more)
        assert answer.code == 3, answer
        assert "Tier" in answer.err
        assert answer.err.count("\n") == 1
    assert desk.state() == before


@pytest.mark.parametrize("note", [None, "see below"])
def test_merged_cells_beside_the_table_are_left_alone(note, desk):
    book = openpyxl.load_workbook(desk.book(PLAIN))
    book.active["D2"] = note
    book.active.merge_cells("D2:E4")
    book.save(desk.path())
    sheet = sheet_of(desk.done("retier", desk.path(), "--model", "value-abc")["output"])
    assert [str(area) for area in sheet.merged_cells.ranges] == ["D2:E4"]
    assert sheet["D2"].value == note
    assert headers(desk.path("book.tiered.xlsx"))[5:] == [None, *EN], "right of what is merged, a column between"
    assert under(sheet, "Tier") == TIERS


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@cmd", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_stays_text(name, desk):
    book = openpyxl.Workbook()
    fill(book.active, [HEAD, ("", 5)])
    book.active["A2"] = name
    book.active["A2"].data_type = "s"
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc", "--in-place")
    sheet = sheet_of(done["output"])
    assert (sheet["A2"].value, sheet["A2"].data_type) == (name, "s")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_an_ungraded_reason_that_quotes_a_formula_like_text_is_text(desk):
    book = openpyxl.Workbook()
    fill(book.active, [HEAD, *SALES, ("Fay", "x")])
    book.active["B7"] = "=cmd|' /C calc'!A0"
    book.active["B7"].data_type = "s"
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc")
    sheet = sheet_of(done["output"])
    assert "=cmd" in sheet.cell(7, column_of(sheet, "Tier reason")).value
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


# Mapping


def test_two_columns_that_fit_are_not_guessed(desk):
    path = desk.book([("Customer", "Amount", "Revenue"), *((name, value, value) for name, value in SALES)])
    answer = desk.run("retier", path, "--model", "value-abc")
    assert answer.code == 3
    assert "Amount" in answer.err
    assert "Revenue" in answer.err
    assert "--map" in answer.err


# Movement and follow-up


def test_without_a_last_contact_no_follow_up(desk):
    done = desk.done("retier", desk.book(PLAIN), "--model", "value-abc", "--cadence", "followup-duty")
    assert done["columns"] == EN


def test_without_a_cadence_no_follow_up(desk):
    rows = [(*HEAD, "Last contact"), *((*row, dt.date(2026, 11, 2)) for row in SALES)]
    assert desk.done("retier", desk.book(rows), "--model", "value-abc")["columns"] == EN


def test_follow_up_by_the_cadence_of_another_model(desk):
    """A weekly (no opening day is known), B from day 3, C weekly; 2026-11-02 is a Monday."""
    rows = [(*HEAD, "Last contact"), *((*row, dt.date(2026, 11, 2)) for row in SALES)]
    path = desk.book(rows)
    done = desk.done("retier", path, "--model", "value-abc", "--cadence", "followup-duty", "--as-of", "2026-11-20")
    assert done["columns"] == [*EN, "Next follow-up"]
    nine, five = dt.datetime(2026, 11, 9), dt.datetime(2026, 11, 5)
    assert under(sheet_of(done["output"]), "Next follow-up") == [nine, nine, five, five, nine]


def test_options_reach_the_model(desk):
    path = desk.book(PLAIN)
    done = desk.done("retier", path, "--model", "value-abc", "--option", "cuts=0.5,0.9", "--option", "crossing=out")
    assert done["counts"] == {"A": 1, "B": 1, "C": 3}


@pytest.mark.parametrize("name", ["value-abc", "客户价值ABC分类", "ABC by share of value"])
def test_a_model_by_each_of_its_names(name, desk):
    assert desk.done("retier", desk.book(PLAIN), "--model", name, "--preview")["model"] == "value-abc"


@pytest.mark.parametrize("table", ["A1:B6", "B3", "$A$1:$B$6"])
def test_a_table_that_is_pointed_at(table, desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    fill(book.active, [HEAD, ("Zed", 1), ("Yan", 2)], 1, 8)
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc", "--table", table)
    assert done["table"] == "A1:B6"


@pytest.mark.parametrize("model, field, values, written", [
    ("volume-gates", None, None, False), ("loss-ratio", "loss_ratio", [0.4, 0.7, 1.2], True),
])  # fmt: skip
def test_a_score_is_written_where_the_model_has_one(desk, model, field, values, written):
    """And a score that is a share is shown as one."""
    if field is None:
        rows = [["Customer", "Annual volume", "Trade"], ["Ann", 1200, "yes"], ["Bo", 30, "yes"]]
    else:
        rows = [["Customer", "Loss ratio"], *([name, value] for name, value in zip("abc", values, strict=True))]
    path = desk.book(rows)
    desk.done("retier", path, "--model", model, "-o", desk.path("out.xlsx"))
    assert ("Tier score" in headers(desk.path("out.xlsx"))) is written
    if written:
        sheet = sheet_of(desk.path("out.xlsx"))
        column = column_of(sheet, "Tier score")
        assert [sheet.cell(row, column).value for row in (2, 3, 4)] == values
        assert {sheet.cell(row, column).number_format for row in (2, 3, 4)} == {"0.0%"}
        return
    desk.done("retier", path, "--model", model, "--columns", "tier,score", "-o", desk.path("asked.xlsx"))
    assert "Tier score" in headers(desk.path("asked.xlsx")), "who asks for it gets it"
