"""What the buttons do in a workbook that is open in Excel, judged by the same run on the file and by openpyxl."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.table import Table

from tests.conftest import LONG
from tieraddin.actions import live
from tieraddin.actions.files import refuse_formulas, retier_file
from tieraddin.actions.live.place import RUNNING, planned
from tieraddin.actions.review.run import carry_out, plan_review, review_file
from tieraddin.actions.rules import Rules
from tieraddin.errors import TieraddinError
from tieraddin.grading.review import FIELDS
from tieraddin.hosts.excel.macros import answer
from tieraddin.hosts.excel.workbook import ExcelWorkbook
from tieraddin.language import say, use_language
from tieraddin.workbooks.port import KEEP

from .xw_engine import ComError, calls, excel

pytestmark = pytest.mark.usefixtures("english")
CUSTOMERS = [("Ann", 700.0), ("Bo", 200.0), ("Cy", 70.0), ("Di", 30.0)]


def customers(path: Path, rows: int = 4, table: str | None = "Customers", graded: bool = False) -> Path:
    """A workbook of customers, with what a person may have beside them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    sheet["A1"] = "Customers of 2026"
    sheet.append([])
    sheet.append(["Customer", "Sales", "Last contact"])
    for k in range(rows):
        name, value = CUSTOMERS[k] if k < 4 else (f"Customer {k}", 30.0 / k)
        sheet.append([name, value, dt.datetime(2026, 1, 1 + k % 28)])
        sheet.cell(4 + k, 3).number_format = "yyyy/m/d"
    for row, grade in enumerate(["Grade", "A", "B", "C", "C"] if graded else [], 3):
        sheet.cell(row, 4, grade)
    sheet["F4"] = "=SUM(B4:B7)"
    sheet.freeze_panes = "B4"
    if table:
        sheet.add_table(Table(displayName=table, ref=f"A3:{'D' if graded else 'C'}{3 + rows}"))
    notes = book.create_sheet("Notes")
    notes["A1"], notes["B2"] = "what we said", "=1+1"
    book.save(path)
    return path


def state(book: openpyxl.Workbook) -> dict[str, Any]:
    """All that a run could change."""
    return {
        sheet.title: (
            {
                at: (cell.value, cell.data_type, cell.number_format, *cell._style)
                for at, cell in sheet._cells.items()
                if cell.value is not None or cell.has_style
            },
            {t.name: (t.ref, [c.name for c in t.tableColumns]) for t in sheet.tables.values()},
            {name: d.width for name, d in sheet.column_dimensions.items() if d.customWidth},
            sheet.sheet_state,
            sheet.freeze_panes,
        )
        for sheet in book.worksheets
    }


def painted(book: Any) -> None:
    """Colours, letters and lines of the person's own, in and beside the table and in the columns of a run."""
    sheet = book.impl._book["Sales"]
    for row in sheet["A3:L8"]:
        for cell in row:
            match (cell.row + cell.column) % 5:
                case 0:
                    cell.fill = PatternFill("solid", "FFCC00")
                case 1:
                    cell.font = Font(name="Times", size=14, bold=True, color="FF0000")
                case 2:
                    cell.border = Border(left=Side("thin"))
    for name, width in {"A": 31.0, "E": 7.0, "H": 44.0}.items():
        sheet.column_dimensions[name].width = width
    for sheet in book.impl._book.worksheets:
        if sheet.title not in ("Sales", "Notes"):
            sheet["A3"].fill = sheet["B9"].fill = PatternFill("solid", "FFCC00")


def values(book: openpyxl.Workbook, sheet: str) -> dict[tuple[int, int], Any]:
    return {at: cell.value for at, cell in book[sheet]._cells.items() if cell.value is not None}


def values_of_all(book: Any) -> dict[str, Any]:
    """The values of all sheets but the log, which has times."""
    return {sheet: values(book.impl._book, sheet) for sheet in book.impl._book.sheetnames if sheet != "Tier log"}


def drawn(book: Any) -> list[int]:
    return [len(sheet.charts) for sheet in book.sheets]


@pytest.fixture(params=["Customers", None], ids=["table", "block"])
def path(request, tmp_path):
    return customers(tmp_path / "book.xlsx", table=request.param)


def test_a_retier_writes_what_it_writes_into_the_file(path):
    book = excel(path)
    done = live.retier(ExcelWorkbook(book), "value-abc")
    target = path.with_name("file.xlsx")
    expected = retier_file(path, Rules.of("value-abc"), sheet="Sales", output=target)
    assert {key: done[key] for key in done} == {key: expected[key] for key in done}
    there, file = book.impl._book, openpyxl.load_workbook(target)
    assert there.sheetnames == file.sheetnames
    assert values(there, "Sales") == values(file, "Sales")
    assert there["Sales"]["A3"].value == "Customer"
    headers = [cell.value for cell in there["Sales"][3]]
    grades = [there["Sales"].cell(row, headers.index("Tier") + 1).value for row in range(4, 8)]
    assert grades == ["A", "A", "B", "C"], "shares of 70, 90, 97 and 100 %; who crosses a cut is still within"
    assert there["Sales"]["F4"].value == "=SUM(B4:B7)"
    assert there["Sales"].freeze_panes == "B4"
    app = book.impl._app
    assert app._state == {
        "screen_updating": True, "enable_events": True, "display_alerts": True, "calculation": "automatic",
        "status_bar": False, "cut_copy_mode": False,
    }  # fmt: skip
    assert book.sheets.active.name == "Sales"


def test_a_preview_changes_nothing_and_lists_the_rows(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    before = state(book.impl._book)
    done = live.preview(port, "value-abc")
    assert state(book.impl._book) == before
    assert calls(book).writes == 0
    assert (done["counts"], done["moved"]) == ({"A": 2, "B": 1, "C": 1}, [])
    live.retier(port, "value-abc")
    port.write("Sales", 7, 2, [[9000.0]])  # Di is the greatest now
    done = live.preview(port)
    moves = {(move["customer"], move["from"], move["to"]) for move in done["moved"]}
    assert moves == {("Di", "C", "A"), ("Ann", "A", "B"), ("Bo", "A", "C"), ("Cy", "B", "C")}


def test_undo_gives_back_what_was(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    before = state(book.impl._book)
    live.retier(port, "value-abc")
    assert live.undo(port) == [1]
    after = state(book.impl._book)
    for sheet in ("Sales", "Notes"):
        assert after[sheet][0] == before[sheet][0]
        assert after[sheet][1] == before[sheet][1]
    with pytest.raises(TieraddinError) as refused:
        live.undo(port)
    assert refused.value.key == "actions.no_runs"


ACTS: dict[str, tuple[list[str], str]] = {
    "retier": ([], "retier"),
    "retier again": (["retier", "move"], "retier"),
    "undo": (["retier"], "undo"),
    "undo of the second": (["retier", "move", "retier"], "undo"),
    "followups": (["graded"], "followups"),
    "followups again": (["graded", "followups"], "followups"),
    "review applied": (["graded"], "review"),
    "review applied over a run": (["graded", "retier", "move"], "review"),
    "undo of a review": (["graded", "review"], "undo"),
    "pick": ([], "pick"),
    "pareto": ([], "pareto"),
    "dashboard": (["graded"], "dashboard"),
    "dashboard again": (["graded", "dashboard"], "dashboard"),
}
"""What a run is called: what was done before it, and what it does."""
MANY = 15


def act(book: Any, name: str) -> None:
    port = ExcelWorkbook(book)
    match name:
        case "retier":
            live.retier(port, "value-abc")
        case "undo":
            live.undo(port)
        case "followups":
            live.followups(port, "followup-duty")
        case "review":
            reviewed = plan_review(port, Rules.of("value-abc", beside=FIELDS))
            with port.changing():
                carry_out(reviewed)
        case "pick":
            live.pick(port, "rfm")
        case "pareto":
            live.pareto(port, "value-abc")
        case "dashboard":
            live.dashboard(port, "value-abc")
        case "move":
            port.write("Sales", 7, 2, [[9000.0]])


@pytest.mark.parametrize("own_looks", [False, True], ids=["plain", "painted"])
@pytest.mark.parametrize("action", ACTS)
def test_a_failure_half_way_leaves_values_and_looks_as_they_were(path, action, own_looks):
    """Each change that a run makes fails once (of many some, others in each variant; all in the long tests).

    What can't be taken back comes last: from then on the run holds.
    """
    before_it, name = ACTS[action]
    in_table = bool(openpyxl.load_workbook(path)["Sales"].tables)
    if "graded" in before_it:
        customers(path, table="Customers" if in_table else None, graded=True)

    def prepared() -> Any:
        book = excel(path)
        for earlier in before_it:
            act(book, earlier)
        if own_looks:
            painted(book)
        calls(book).writes = 0
        return book

    whole = prepared()
    act(whole, name)
    most = calls(whole).writes
    assert most > 0
    held: list[int] = []
    step = 1 if LONG else -(-most // MANY)
    tried = range(1 + (2 * own_looks + in_table) * step // 4, most + 1, step)
    for k in tried:
        book = prepared()
        before, settings, charts = state(book.impl._book), dict(book.impl._app._state), drawn(book)
        calls(book).fail_at = k
        with suppress(ComError):
            act(book, name)
            held.append(k)
        if held:
            assert values_of_all(book) == values_of_all(whole)
        else:
            assert state(book.impl._book) == before, f"change {k} of {most}"
            assert drawn(book) == charts
        assert {**book.impl._app._state, "cut_copy_mode": None} == {**settings, "cut_copy_mode": None}
    assert held == [*tried][len(tried) - len(held) :], "nothing fails once a run holds"
    assert len(held) < len(tried) / 2


def test_esc_stops_and_takes_back(path):
    book = excel(path)
    before = state(book.impl._book)
    pressed = iter([False] * 12 + [True] * 1000)
    with pytest.raises(TieraddinError) as refused:
        live.retier(ExcelWorkbook(book, stopped=lambda: next(pressed)), "value-abc")
    assert refused.value.key == "live.stopped"
    assert calls(book).writes > 0, "it was under way"
    assert state(book.impl._book) == before


def test_the_number_of_calls_does_not_grow_with_the_rows(tmp_path):
    """Counted by the engine, for ten times the rows (two hundred times in the long tests): but for a few halvings."""
    counted = []
    for rows in (500, 100_000 if LONG else 5_000):
        book = excel(customers(tmp_path / f"{rows}.xlsx", rows=rows))
        live.retier(ExcelWorkbook(book), "value-abc")
        counted.append(calls(book).count)
    assert counted[1] < counted[0] * 1.05


def test_marked_cells_say_where(tmp_path):
    """A selection outside of tables is the table; within an Excel table that table; a cell means the sheet."""
    path = customers(tmp_path / "book.xlsx", table=None)
    book = openpyxl.load_workbook(path)
    sheet = book["Sales"]
    for row, cells in enumerate([("Name", "Sales"), ("Ed", 1.0), ("Flo", 9.0)], 20):
        for column, cell in enumerate(cells, 1):
            sheet.cell(row, column, cell)
    book.save(path)
    open_book = excel(path)
    port = ExcelWorkbook(open_book)
    with pytest.raises(TieraddinError) as refused:
        live.preview(port, "value-abc")
    assert refused.value.key == "actions.several_tables"
    open_book.impl._app._selection = open_book.sheets["Sales"].range("A20:B22").impl
    assert live.preview(port, "value-abc")["counts"] == {"A": 1, "B": 1, "C": 0}, "90 and 100 %"
    live.retier(port, "value-abc")
    there = open_book.impl._book["Sales"]
    assert [there.cell(row, 4).value for row in (4, 5)] == [None, None]
    graded = {there.cell(row, 1).value: [cell.value for cell in there[row]] for row in (21, 22)}
    assert "A" in graded["Flo"]
    assert "B" in graded["Ed"]


@pytest.mark.parametrize("marked", ["A3:C7", "B5", "A1:C7", "A3:D12", "A1:C1048576", "A1:XFD20"])
def test_cells_within_and_around_a_table_mean_the_table(tmp_path, marked):
    """Results become columns of the table, so that the next run knows them again from wherever it is asked for."""
    path = customers(tmp_path / "book.xlsx")
    retier_file(path, Rules.of("value-abc"), table="Customers", output=tmp_path / "done.xlsx")
    expected = openpyxl.load_workbook(tmp_path / "done.xlsx")["Sales"]
    book = excel(path)
    sheet = book.impl._book["Sales"]
    book.impl._app._selection = book.sheets["Sales"].range(marked).impl
    for _ in range(2):
        live.retier(ExcelWorkbook(book), "value-abc")
        assert [cell.value for cell in sheet[3]] == [cell.value for cell in expected[3]]
        assert sheet.tables["Customers"].ref == expected.tables["Customers"].ref


def test_cells_around_two_tables_do_not_say_which_is_meant(tmp_path):
    book = excel(customers(tmp_path / "book.xlsx"))
    sheet = book.impl._book["Sales"]
    for row, cells in enumerate([("Name", "Revenue"), ("Ed", 1.0), ("Flo", 9.0)], 3):
        for column, cell in enumerate(cells, 8):
            sheet.cell(row, column, cell)
    sheet.add_table(Table(displayName="Others", ref="H3:I5"))
    book.impl._app._selection = book.sheets["Sales"].range("A3:I7").impl
    with pytest.raises(TieraddinError) as refused:
        live.preview(ExcelWorkbook(book), "value-abc")
    assert refused.value.key == "actions.several_tables"
    assert all(name in refused.value.sentence() for name in ("Customers", "Others"))


REFUSED: dict[str, Any] = {
    "read_only": lambda book: setattr(book.impl.api, "ReadOnly", True),
    "shared": lambda book: setattr(book.impl.api, "MultiUserEditing", True),
    "structure": lambda book: setattr(book.impl.api, "ProtectStructure", True),
    "busy": lambda book: setattr(book.impl._app.api, "Ready", False),
    "protected": lambda book: setattr(book.impl._book["Sales"].protection, "sheet", True),
    "no_cells": lambda book: setattr(book.impl, "_chart", "Chart1"),
    "running": lambda book: None,
    "no_model": lambda book: None,
    "unknown_model": lambda book: None,
}


MENUS = {"en": "Review, ", "zh": "审阅、"}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_refused_says_so_and_changes_nothing(path, why, lang):
    use_language(lang)
    book = excel(path)
    REFUSED[why](book)
    before = state(book.impl._book)
    model = {"no_model": "", "unknown_model": "gone-model"}.get(why, "value-abc")
    if why == "running":
        RUNNING.acquire()
    try:
        with pytest.raises(TieraddinError) as refused:
            live.retier(ExcelWorkbook(book), model or None)
    finally:
        if why == "running":
            RUNNING.release()
    assert refused.value.key.partition(".")[2] == why
    sentence = refused.value.sentence(lang)
    assert len(sentence) > 10
    assert MENUS[lang] in sentence or why not in ("protected", "structure", "shared"), "where Excel has it"
    assert state(book.impl._book) == before
    assert calls(book).writes == 0
    if why not in ("running", "no_model", "unknown_model"):
        return
    live.retier(ExcelWorkbook(excel(path)), "value-abc")  # the next run is free to go


@pytest.mark.parametrize("why", ["read_only", "shared", "structure", "protected"])
def test_what_writes_nothing_is_told_of_a_workbook_that_can_not_be_written(path, why):
    book = excel(path)
    live.pick(ExcelWorkbook(book), "value-abc")
    live.retier(ExcelWorkbook(book))
    book.impl._app._selection = book.sheets["Sales"].range("A5").impl
    port, before = ExcelWorkbook(book), state(book.impl._book)
    free = [live.preview(port)["counts"], live.explain(port), live.review(port)["moves"]]
    REFUSED[why](book)
    assert [live.preview(port)["counts"], live.explain(port), live.review(port)["moves"]] == free
    assert state(book.impl._book) == before


def test_a_chart_of_a_protected_sheet_is_drawn_beside_it(path):
    book = excel(path)
    REFUSED["protected"](book)
    port = ExcelWorkbook(book)
    assert [live.pareto(port, "value-abc"), live.dashboard(port, "value-abc")] == ["Tier Pareto", "Tier dashboard"]


def test_a_table_that_was_renamed_is_told(tmp_path):
    book = excel(customers(tmp_path / "book.xlsx"))
    port = ExcelWorkbook(book)
    live.retier(port, "value-abc")
    book.impl._book["Sales"].tables["Customers"].displayName = "Clients"
    before = state(book.impl._book)
    for action in (lambda: live.retier(port), lambda: live.preview(port), lambda: live.undo(port)):
        with pytest.raises(TieraddinError) as refused:
            action()
        assert refused.value.key == "live.table_renamed"
        assert {"Customers", "Clients"} <= set(refused.value.facts.values())
    assert state(book.impl._book) == before


def test_a_sheet_that_was_renamed_is_told(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    live.retier(port, "value-abc")
    book.impl._book["Sales"].title = "It's 2027"
    before = state(book.impl._book)
    for action in (lambda: live.retier(port), lambda: live.preview(port), lambda: live.undo(port)):
        with pytest.raises(TieraddinError) as refused:
            action()
        assert refused.value.key == "live.sheet_renamed"
        assert refused.value.facts == {"old": "Sales", "new": "It's 2027"}
    assert state(book.impl._book) == before
    book.impl._book["It's 2027"].title = "Sales"
    assert live.undo(port) == [1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_undo_that_is_refused_names_no_backup(path, lang):
    """An open workbook has none: what was done since can be taken back by the program."""
    use_language(lang)
    book = excel(path)
    answer(book, "model", "value-abc")
    answer(book, "retier")
    sheet = book.impl._book["Sales"]
    for change, words in [
        (lambda: setattr(sheet.cell(3, sheet.max_column), "value", "mine"), ("Sales", "Ctrl+Z")),
        (lambda: book.impl._book.remove(sheet), ("Sales", "Ctrl+Z")),
    ]:
        change()
        said = answer(book, "undo")
        assert all(word in said for word in words), said
        assert not any(word in said for word in ("backup", "备份"))


def test_own_sheets_are_not_graded(path):
    book = excel(path)
    live.retier(ExcelWorkbook(book), "value-abc")
    book.sheets["Tier log"].api.Activate()
    with pytest.raises(TieraddinError) as refused:
        live.retier(ExcelWorkbook(book))
    assert refused.value.key == "live.own_sheet"


def test_formulas_of_the_person_are_not_written_over(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    plan = planned(port, "value-abc", None)
    with pytest.raises(TieraddinError) as refused:
        refuse_formulas(plan, {6: "Total"})
    assert refused.value.facts["cell"] == "F4"


def test_the_model_is_remembered(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    assert live.pick(port, "客户排名ABC分类") == "rank-abc"
    assert live.preview(port)["model"] == "rank-abc"
    live.pick(port, "value-abc")
    assert live.retier(port)["model"] == "value-abc"
    live.pick(port, "rank-abc")
    assert live.preview(port)["model"] == "rank-abc"
    live.undo(port)
    assert live.preview(port)["model"] == "rank-abc"
    with pytest.raises(TieraddinError):
        live.pick(port, "no-such-model")
    assert live.preview(port)["model"] == "rank-abc"


def test_explain_tells_of_the_selected_row(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    book.impl._app._selection = book.sheets["Sales"].range("A6").impl
    told = dict(live.explain(port, "value-abc"))
    assert (told["Customer"], told["Tier"]) == ("Cy", "B")
    assert "97.0%" in told["Why"]
    book.impl._app._selection = book.sheets["Sales"].range("A1").impl
    with pytest.raises(TieraddinError) as refused:
        live.explain(port, "value-abc")
    assert refused.value.key == "live.no_customer_here"


def explained(port: ExcelWorkbook, name: str, model: str | None = None) -> list[tuple[str, str]]:
    """What the button tells of the customer called so, wherever its row is by now."""
    sheet = port.book.impl._book["Sales"]
    row = next(row for row in range(4, 8) if sheet.cell(row, 1).value == name)
    port.book.impl._app._selection = port.book.sheets["Sales"].range(f"A{row}").impl
    return live.explain(port, model)


def sort_by_name(port: ExcelWorkbook) -> None:
    """As a person does it: whole rows, the last name first, or the first one."""
    rows = port.read("Sales", "A4:L7")
    names = [row[0] for row in rows]
    order = sorted(rows, key=lambda row: str(row[0]), reverse=names == sorted(names))
    port.write("Sales", 4, 1, [[*row[:5], KEEP, *row[6:]] for row in order])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain_tells_every_run_newest_first_whatever_row_the_customer_is_in(path, lang):
    use_language(lang)
    port = ExcelWorkbook(excel(path))
    texts = {"en": ("none", ": ", "It was taken back later."), "zh": ("无", " 定级：", "后已撤销。")}
    none, said, after_undo = texts[lang]
    live.retier(port, "value-abc")  # Ann A, Bo A, Cy B, Di C
    first = {name: dict(explained(port, name)) for name in ("Ann", "Di")}
    sort_by_name(port)
    port.write("Sales", 4, 2, [[9000.0]])  # Di is the greatest now, Ann the second
    live.retier(port, "value-abc")
    sort_by_name(port)
    live.retier(port, "rank-abc")
    live.undo(port)
    log = [line[1] for line in port.read("Tier log", "A2:B5")]
    for name, (before, after, third) in {"Di": ("C", "A", "A"), "Ann": ("A", "B", "C")}.items():
        told = explained(port, name)
        (last, second, initial) = [(title, text) for title, text in told if "value-abc" in text or "rank-abc" in text]
        titles = [f"{log[k]:%Y-%m-%d %H:%M} " + say("live.past_run", run=k + 1) for k in (2, 1, 0)]
        assert [title for title, _ in (last, second, initial)] == titles
        assert f"rank-abc{said}{after} → {third}" in last[1]
        assert last[1].endswith(after_undo)
        assert f"value-abc{said}{before} → {after}" in second[1]
        why = say("live.title_reason")
        assert second[1].endswith(dict(told)[why]), "the reason of the last run stands on the sheet"
        assert f"value-abc{said}{none} → {before}" in initial[1]
        assert initial[1].endswith(first[name][why]), "kept when the second run wrote over it"


def test_explain_tells_of_reviews_and_not_of_others_with_the_same_name(tmp_path):
    path = customers(tmp_path / "book.xlsx", graded=True)
    book = openpyxl.load_workbook(path)
    book["Sales"]["A7"] = "Bo"
    book.save(path)
    done = review_file(path, Rules.of("value-abc", beside=FIELDS), apply=True, in_place=True)
    assert [(move["customer"], move["from"], move["to"]) for move in done["moves"]] == [
        ("Bo", "B", "A"),
        ("Cy", "C", "B"),
    ]
    port = ExcelWorkbook(excel(path))
    (cy,) = [text for title, text in explained(port, "Cy", "value-abc") if title.endswith("Run 1")]
    assert cy.startswith("Reviewed by value-abc: none → B.")
    (bo,) = [text for title, text in explained(port, "Bo", "value-abc") if title.endswith("Run 1")]
    assert bo.startswith("Reviewed by value-abc: none → A.")


@pytest.mark.parametrize("model, score", [("value-abc", "97.0%"), ("rank-abc", "3")])
def test_a_score_is_told_in_its_unit(path, model, score):
    port = ExcelWorkbook(excel(path))
    told = dict(explained(port, "Cy", model))
    assert told["Score"] == score
    live.retier(port, model)
    there = port.book.impl._book["Sales"]
    column = [cell.value for cell in there[3]].index("Tier score") + 1
    cell = there.cell(6, column)
    assert isinstance(cell.value, (int, float)), "cells hold numbers"
    assert cell.number_format == ("0.0%" if score.endswith("%") else "General")


def test_gaps_are_written_in_few_calls(path):
    book = excel(path)
    port = ExcelWorkbook(book)
    port.write_columns("Notes", 1, 5, [[f"n{k}" for k in range(1000)]])
    calls(book).writes = 0
    port.write_columns("Notes", 1, 5, [[k if k % 2 else KEEP for k in range(1000)]])
    assert calls(book).writes == 1
    assert [book.impl._book["Notes"].cell(k + 1, 5).value for k in range(4)] == ["n0", 1, "n2", 3]


def test_a_filter_stays_and_hidden_rows_are_graded(path):
    book = excel(path)
    sheet = book.impl._book["Sales"]
    sheet.row_dimensions[5].hidden = True
    sheet["C4"].fill = PatternFill("solid", "FFFF00")
    live.retier(ExcelWorkbook(book), "value-abc")
    tier = [cell.value for cell in sheet[3]].index("Tier") + 1
    assert [sheet.cell(row, tier).value for row in range(4, 8)] == ["A", "A", "B", "C"]
    assert sheet.row_dimensions[5].hidden is True
    assert sheet.cell(4, tier).fill.fill_type is None, "formats are not lent: Excel pastes onto what is shown"


def test_hidden_rows_that_excel_leaves_out_are_told(path):
    book = excel(path)
    book.impl._book["Sales"].row_dimensions[5].hidden = True
    book.impl._app._skips_hidden = True
    before = state(book.impl._book)
    with pytest.raises(TieraddinError) as refused:
        live.retier(ExcelWorkbook(book), "value-abc")
    assert refused.value.key == "excel.hidden_rows"
    assert state(book.impl._book) == before


@given(st.lists(st.tuples(*[st.integers(1, 7)] * 2, *[st.integers(0, 3)] * 2), max_size=8))
def test_merged_ranges_are_found_wherever_they_are(tmp_path_factory, wanted):
    book = openpyxl.Workbook()
    book.active["J12"] = "corner"
    taken, areas = set(), set()
    for top, left, down, right in wanted:
        cells = {(r, c) for r in range(top, top + down + 1) for c in range(left, left + right + 1)}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            areas.add((top, left, top + down, left + right))
            book.active.merge_cells(start_row=top, start_column=left, end_row=top + down, end_column=left + right)
    path = tmp_path_factory.mktemp("merged") / "book.xlsx"
    book.save(path)
    found = ExcelWorkbook(excel(path)).merged("Sheet")
    assert set(found) == areas
    assert len(found) == len(areas)
