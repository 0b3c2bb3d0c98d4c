"""The buttons that ask something first: what they ask, what they do with the answers, and what they refuse."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.conftest import SHARED
from tieraddin.actions.summarise import summarise_file
from tieraddin.actions.templates.new import list_templates
from tieraddin.hosts.excel import macros
from tieraddin.hosts.excel.workbook import ExcelWorkbook
from tieraddin.language import Language, messages, say, use_language
from tieraddin.models.load import all_models

from ..workbooks.test_live import customers, state
from ..workbooks.xw_engine import calls, excel

DAY = dt.datetime
SALES = [
    ("Ann", DAY(2026, 1, 5), 100, 1),
    ("Bo", DAY(2026, 2, 5), 20.5, 2),
    ("Ann", DAY(2026, 3, 5), -30, 3),
    ("Ann", DAY(2026, 4, 5), 7, 4),
    (None, DAY(2026, 4, 5), 7, 5),
]
HEADS = {"en": ("Customer", "Invoice date", "Amount", "Pieces"), "zh": ("客户", "开票日期", "金额", "件数")}


@pytest.fixture(autouse=True)
def _own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieraddin.hosts.fault_log.user_folder", lambda: tmp_path / "own" / "models")


@pytest.fixture(autouse=True, params=["en", "zh"])
def lang(request: pytest.FixtureRequest) -> Iterator[Language]:
    use_language(request.param)
    yield request.param
    use_language(None)


def written(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Sales"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def asked(book: Any, button: str, *answers: str) -> tuple[str, str, list[tuple[str, str]]]:
    """The kind and the text of the question that a button comes to, and its choices."""
    ((kind, text, *others),) = macros.answer(book, button, "\n".join(answers))
    return kind, text, list(zip(others[::2], others[1::2], strict=True))


def told(book: Any, button: str, *answers: str) -> str:
    said = macros.answer(book, button, "\n".join(answers))
    assert isinstance(said, str)
    return said


def test_no_question_is_too_long_for_an_input_box(lang: Language) -> None:
    """Excel takes 255 characters: the question, a choice of 80 with its number, and the line that turns the page."""
    asks = [text[lang] for id, text in messages("live").items() if id.startswith("ask_")]
    assert len(asks) > 4
    most = max(len(text.format(sheet="x" * 31, field="x" * 60)) for text in asks)
    assert most + len("\n99  ") + 80 + len("\n" + say("xlam.others")) <= 255


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


# Summarise transactions


def test_transactions_become_customers_as_the_command_makes_them(tmp_path: Path, lang: Language) -> None:
    heads = HEADS[lang]
    path = written(tmp_path / "sales.xlsx", heads, *SALES)
    book = excel(path)
    before = rows(book.impl._book["Sales"])
    said = told(book, "summarise")
    sheet = {"en": "Customers", "zh": "客户汇总"}[lang]
    assert all(fact in said for fact in (sheet, str(dt.date.today()), "5", "2"))
    assert book.impl.api.ActiveSheet.Name == sheet
    assert book.impl._book.sheetnames == ["Sales", sheet], "an ordinary sheet, and none of our own beside it"
    assert rows(book.impl._book["Sales"]) == before
    summarise_file(path, *heads[:3], as_of=dt.date.today(), output=tmp_path / "file.xlsx")
    expected = openpyxl.load_workbook(tmp_path / "file.xlsx")["Customers"]
    there = book.impl._book[sheet]
    assert [[cell.value for cell in row] for row in there] == [[cell.value for cell in row] for row in expected]
    assert [cell.number_format for cell in there[2]] == [cell.number_format for cell in expected[2]]
    frame = pd.DataFrame(SALES, columns=["c", "d", "a", "n"]).dropna(subset="c")
    sums = frame.groupby("c").a.sum()
    assert {row[0]: row[5] for row in rows(there)[1:]} == dict(sums)


def test_the_new_sheet_can_be_graded_and_is_not_renewed(tmp_path: Path) -> None:
    book = excel(written(tmp_path / "sales.xlsx", HEADS["en"], *SALES))
    told(book, "summarise")
    told(book, "model", "value-abc")
    new = book.impl._book.worksheets[1]
    said = told(book, "retier")
    assert new.title in said
    assert "A" in [cell.value for cell in new[2]][8:]
    book.sheets["Sales"].api.Activate()
    told(book, "summarise")
    assert f"{new.title} (2)" in book.impl._book.sheetnames


def test_a_failure_half_way_leaves_no_sheet(tmp_path: Path) -> None:
    """Each change that is made fails once."""
    path = written(tmp_path / "sales.xlsx", HEADS["en"], *SALES)
    book = excel(path)
    told(book, "summarise")
    most = calls(book).writes
    assert most > 0
    for k in range(1, most + 1):
        book = excel(path)
        before, calls(book).fail_at = state(book.impl._book), k
        assert "tieraddin.log" in told(book, "summarise")
        assert state(book.impl._book) == before, f"change {k} of {most}"


AMOUNTS = {
    "two by words": (("Customer", "Date", "Sales", "Revenue"), ("Sales", "Revenue")),
    "two that are alike": (("Customer", "Date", "Amount due", "Amount paid"), ("Amount due", "Amount paid")),
    "neither the number of the invoice": (("Customer", "Date", "Net", "Gross", "Invoice"), ("Net", "Gross")),
    "one that is alike": (("Customer", "Date", "Betrag (Amount)", "Pieces"), ("Betrag (Amount)",)),
}


@pytest.mark.parametrize("why", AMOUNTS)
def test_what_is_not_sure_is_asked(tmp_path: Path, why: str) -> None:
    heads, fitting = AMOUNTS[why]
    book = excel(written(tmp_path / "sales.xlsx", heads, *SALES))
    before = state(book.impl._book)
    kind, text, choices = asked(book, "summarise")
    assert (kind, "Sales" in text) == ("choice", True)
    assert choices == [(str(heads.index(header) + 1), header) for header in fitting]
    assert asked(book, "summarise", "no such") == (kind, text, choices), "asked again"
    assert state(book.impl._book) == before
    at = heads.index(fitting[-1])
    told(book, "summarise", str(at + 1))
    ann = next(row for row in rows(book.impl._book.worksheets[1]) if row[0] == "Ann")
    assert ann[5] == sum(row[at] for row in SALES if row[0] == "Ann")


def test_several_questions_come_one_after_the_other(tmp_path: Path) -> None:
    heads = ("Order date", "Client", "Company", "Invoice date", "Amount")
    line = (DAY(2026, 1, 1), "Ann", "Ann Ltd", DAY(2026, 2, 1), 5)
    book = excel(written(tmp_path / "sales.xlsx", heads, line, line))
    assert asked(book, "summarise")[2] == [("2", "Client"), ("3", "Company")]
    assert asked(book, "summarise", "3")[2] == [("1", "Order date"), ("4", "Invoice date")]
    told(book, "summarise", "3", "4")
    assert rows(book.impl._book.worksheets[1])[1][:3] == ("Ann Ltd", DAY(2026, 2, 1), DAY(2026, 2, 1))


def test_where_no_header_says_it_the_columns_that_hold_such_values_are_offered(tmp_path: Path, lang: Language) -> None:
    heads = ("Wer", "Wann", "Betrag", "Ort", None)
    lines = [("Ann", DAY(2026, 1, 1), 5, "Hof", 1), ("Bo", DAY(2026, 2, 1), 7, "Ulm", 2), ("Ann", None, 9, "Hof", 3)]
    book = excel(written(tmp_path / "sales.xlsx", heads, *lines))
    before = state(book.impl._book)
    texts = [("1", "Wer"), ("2", "Wann"), ("3", "Betrag"), ("4", "Ort")]
    assert asked(book, "summarise")[2] == texts, "all that names something"
    assert asked(book, "summarise", "1")[2] == [("2", "Wann")]
    _, text, choices = asked(book, "summarise", "1", "2")
    assert choices == [("3", "Betrag")]
    assert {"en": "quantity times price", "zh": "数量乘以单价"}[lang] in text
    assert state(book.impl._book) == before
    assert asked(book, "summarise", "2")[2] == [("2", "Wann")], "there is no other"
    told(book, "summarise", "1", "2", "3")
    frame = pd.DataFrame(lines, columns=["who", "day", "money", "town", "n"]).dropna(subset="day")
    assert {row[0]: row[5] for row in rows(book.impl._book.worksheets[1])[1:]} == dict(frame.groupby("who").money.sum())


def without_amount(tmp_path: Path) -> Any:
    heads = ("InvoiceNo", "InvoiceDate", "CustomerID", "Town")
    return excel(written(tmp_path / "sales.xlsx", heads, ("I1", DAY(2026, 1, 1), "C1", "Ulm")))


def without_values(tmp_path: Path) -> Any:
    return excel(written(tmp_path / "sales.xlsx", HEADS["en"], ("Ann", "soon", 5), ("Bo", DAY(2026, 1, 1), "much")))


def two_tables(tmp_path: Path) -> Any:
    blank: tuple[Any, ...] = ()
    return excel(
        written(tmp_path / "sales.xlsx", HEADS["en"], *SALES, blank, blank, ("Client", "Day", "Value", "Box"), *SALES)
    )


def protected(tmp_path: Path) -> Any:
    book = excel(written(tmp_path / "sales.xlsx", HEADS["en"], *SALES))
    book.impl.api.ProtectStructure = True
    return book


def own_sheet(tmp_path: Path) -> Any:
    book = excel(customers(tmp_path / "book.xlsx"))
    told(book, "model", "value-abc")
    told(book, "retier")
    book.sheets["Tier log"].api.Activate()
    return book


REFUSED = {
    without_amount: {
        "en": ("Amount", "Town", "quantity times price"),
        "zh": ("金额", "Town", "数量乘以单价"),
    },
    without_values: {"en": ("no transaction",), "zh": ("没有同时具备",)},
    lambda tmp_path: excel(written(tmp_path / "sales.xlsx", ())): {"en": ("is empty",), "zh": ("是空的",)},
    two_tables: {"en": ("More than one table",), "zh": ("多个表",)},
    protected: {"en": ("protected",), "zh": ("保护",)},
    own_sheet: {"en": ("Tier log",), "zh": ("Tier log",)},
}


@pytest.mark.parametrize("trouble", REFUSED)
def test_what_is_no_list_of_transactions_is_refused(tmp_path: Path, trouble: Any, lang: Language) -> None:
    book = trouble(tmp_path)
    before = state(book.impl._book)
    said = told(book, "summarise")
    assert all(fact in said for fact in REFUSED[trouble][lang]), said
    assert "--" not in said
    assert state(book.impl._book) == before


def test_the_invoices_of_a_wholesaler_as_the_command_reads_them(tmp_path: Path) -> None:
    path = SHARED / "data" / "uci_online_retail_invoices_derived.csv"
    if not path.is_file():
        pytest.skip(f"the invoices are not at {path}")
    frame = pd.read_csv(path).head(3000)
    frame.to_excel(tmp_path / "invoices.xlsx", index=False)
    book = excel(tmp_path / "invoices.xlsx")
    ((number, header),) = asked(book, "summarise")[2]
    assert header == "amount_gbp", "alike only: the unit is within the name"
    told(book, "summarise", number)
    there = rows(book.impl._book.worksheets[1])[1:]
    customer, amount = (next(c for c in frame if word in c.lower()) for word in ("customer", "amount"))
    sums = frame.groupby(customer)[amount].sum()
    assert {row[0]: row[5] for row in there} == pytest.approx(dict(sums), abs=0.001)


# Two columns that fit a field

TWO = [("Ann", 700, 1), ("Bo", 200, 2), ("Cy", 70, 90), ("Di", 30, 7)]
"""By the first number Ann makes 70 % of all, by the second Cy makes 90 %."""


def two_fit(path: Path, headers: tuple[str, str] = ("Sales\n(year)", "Revenue")) -> Any:
    book = excel(written(path, ("Customer", *headers), *TWO))
    told(book, "model", "value-abc")
    return book


@pytest.mark.parametrize("button", ["retier", "preview", "explain", "followups", "review", "pareto", "dashboard"])
def test_which_of_two_columns_is_meant_is_asked(tmp_path: Path, button: str) -> None:
    book = two_fit(tmp_path / "book.xlsx")
    before = state(book.impl._book)
    first = ("rank-abc",) if button == "followups" else ()
    kind, text, choices = asked(book, button, *first)
    assert (kind, [title for _, title in choices]) == ("choice", ["Sales (year)", "Revenue"])
    assert "value" in text
    assert all("\n" not in answer for answer, _ in choices), "answers are told apart by lines"
    assert state(book.impl._book) == before
    for answer, _ in choices:
        said = macros.answer(book, button, "\n".join([*first, answer]))
        assert isinstance(said, str), "no other question"


@pytest.mark.parametrize(("number", "grades"), [(0, ["A", "A", "B", "C"]), (1, ["C", "C", "A", "B"])])
def test_a_retier_by_the_column_that_was_chosen_remembers_it(tmp_path: Path, number: int, grades: list[str]) -> None:
    book = two_fit(tmp_path / "book.xlsx")
    _, _, choices = asked(book, "retier")
    told(book, "retier", choices[number][0])
    sheet = book.impl._book["Sales"]
    assert [sheet.cell(row, 4).value for row in range(2, 6)] == grades
    before = state(book.impl._book)["Sales"]
    told(book, "retier")
    assert state(book.impl._book)["Sales"] == before
    told(book, "pareto")


# Follow-ups by the rhythm of another model


def test_a_model_without_a_rhythm_asks_whose_to_take(tmp_path: Path) -> None:
    book = excel(customers(tmp_path / "book.xlsx"))
    told(book, "model", "value-abc")
    before = state(book.impl._book)
    kind, _, choices = asked(book, "followups")
    abc = {"A", "B", "C"}
    having = {
        m.id for m in (s.model for s in all_models()) if m.cadence and abc & {c.grade for c in m.cadence.contacts}
    }
    assert kind == "choice"
    assert {id for id, _ in choices} == having >= {"rank-abc", "followup-duty"}
    assert all(f"({id})" in shown for id, shown in choices)
    assert state(book.impl._book) == before
    said = told(book, "followups", "rank-abc")
    assert "4" in said
    assert len(book.impl._book.sheetnames) == len(before) + 2


def test_a_model_with_a_rhythm_does_not_ask(tmp_path: Path) -> None:
    book = excel(customers(tmp_path / "book.xlsx"))
    told(book, "model", "rank-abc")
    told(book, "followups")


def test_where_no_rhythm_fits_the_models_that_have_one_are_named(tmp_path: Path) -> None:
    book = excel(
        written(tmp_path / "book.xlsx", ("Customer", "Recency days", "Frequency", "Monetary"), ("Ann", 1, 2, 3))
    )
    told(book, "model", "rfm")
    said = told(book, "followups")
    assert "rank-abc" in said
    assert "--" not in said


# A new workbook of a template


def test_a_template_is_chosen_by_its_name_and_opened_untitled(tmp_path: Path, lang: Language) -> None:
    book = excel(customers(tmp_path / "book.xlsx"))
    before = state(book.impl._book)
    kind, _, choices = asked(book, "template")
    assert kind == "choice"
    assert choices == [(one["id"], one["name"][lang]) for one in list_templates()]
    assert told(book, "template", "customer-master") == ""
    new = book.impl._app._books[-1]
    assert new.name == dict(choices)["customer-master"] + "1"
    assert {"en": "Customer", "zh": "客户"}[lang] in new._book.worksheets[0]["A1"].value
    assert state(book.impl._book) == before


# A folder of customer lists


def lists(folder: Path) -> Path:
    folder.mkdir()
    written(folder / "north.xlsx", ("Customer", "Sales"), ("Ann", 700), ("Bo", 200))
    (folder / "south.csv").write_text("客户,销售额\n甲,500\n乙,90\n丙,3\n", "utf-8")
    written(folder / "torn.xlsx", ("nothing",))
    (folder / "notes.txt").write_text("no list")
    return folder


def test_a_folder_becomes_workbooks_beside_it_and_the_report_is_shown(tmp_path: Path, lang: Language) -> None:
    book, folder = excel(customers(tmp_path / "book.xlsx")), lists(tmp_path / "lists")
    before = state(book.impl._book), {file.name: file.read_bytes() for file in folder.iterdir()}
    kind, _, choices = asked(book, "convert")
    assert (kind, "customer-master" in dict(choices)) == ("choice", True)
    kind, text, choices = asked(book, "convert", "customer-master")
    assert (kind, bool(text), choices) == ("folder", True, [])
    said = told(book, "convert", "customer-master", str(folder))
    out = tmp_path / {"en": "lists - converted", "zh": "lists - 已转换"}[lang]
    assert {file.name for file in out.glob("[!.]*")} == {
        "north.xlsx", "south.xlsx", "conversion-report.xlsx", "conversion-report.json"
    }  # fmt: skip
    counts = [int(number) for number in re.findall(r"\d+", said.replace(str(out), ""))]
    assert counts == {"en": [2, 3, 5, 0, 1], "zh": [3, 2, 5, 0, 1]}[lang]
    assert str(out) in said
    assert "conversion-report.xlsx" in said
    shown = book.impl._app._books[-1]
    assert shown.name == "conversion-report1"
    files = rows(shown._book.worksheets[0])
    assert {Path(str(row[0])).name for row in files[1:]} == {"north.xlsx", "south.csv", "torn.xlsx"}
    assert not [cell for row in files for cell in row if isinstance(cell, str) and "--" in cell]
    graded = openpyxl.load_workbook(out / "south.xlsx").worksheets[0]
    assert {"甲", "乙", "丙"} <= {cell for row in rows(graded) for cell in row if isinstance(cell, str)}
    assert before == (state(book.impl._book), {file.name: file.read_bytes() for file in folder.iterdir()})
    assert book.impl._app._state["status_bar"] is False
    (folder / "north.xlsx").unlink()
    again = told(book, "convert", "customer-master", str(folder))
    assert {"en": "no longer there", "zh": "已不在原处"}[lang] in again
    assert "north.xlsx" in again


def test_what_is_done_is_told_and_esc_stops_between_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, folder = excel(customers(tmp_path / "book.xlsx")), lists(tmp_path / "lists")
    sentences: list[str] = []
    tell = ExcelWorkbook.tell
    monkeypatch.setattr(ExcelWorkbook, "tell", lambda port, said: (sentences.append(said), tell(port, said)))
    monkeypatch.setattr(macros, "escape_pressed", lambda: len(sentences) == 2)
    said = told(book, "convert", "customer-master", str(folder))
    assert "2" in said
    assert len(sentences) == 2
    assert "north.xlsx" in sentences[0]
    assert book.impl._app._state["status_bar"] is False
    (out,) = tmp_path.glob("lists - *")
    assert (out / "north.xlsx").is_file()
    written_at = (out / "north.xlsx").stat().st_mtime_ns
    assert str(out) in told(book, "convert", "customer-master", str(folder))
    assert (out / "north.xlsx").stat().st_mtime_ns == written_at, "the second run goes on where the first stopped"


def gone(tmp_path: Path) -> Path:
    return tmp_path / "gone"


def without_lists(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def around_results(tmp_path: Path) -> Path:
    folder = lists(tmp_path / "lists")
    told(excel(customers(tmp_path / "book.xlsx")), "convert", "customer-master", str(folder))
    return tmp_path


def disk(tmp_path: Path) -> Path:
    return Path(tmp_path.anchor)


def beside_a_file(tmp_path: Path) -> Path:
    for name in ("lists - converted", "lists - 已转换"):
        (tmp_path / name).write_text("in the way")
    return lists(tmp_path / "lists")


@pytest.mark.parametrize("trouble", [gone, without_lists, around_results, disk, beside_a_file])
def test_a_folder_that_can_not_be_converted_is_refused(tmp_path: Path, trouble: Any, lang: Language) -> None:
    folder = trouble(tmp_path)
    book = excel(customers(tmp_path / "other.xlsx"))
    before = sorted(tmp_path.rglob("*"))
    said = told(book, "convert", "customer-master", str(folder))
    assert (str(folder) in said, "\n" in said, "--" in said, " -o" in said) == (True, False, False, False), said
    assert sorted(tmp_path.rglob("*")) == before
    assert len(book.impl._app._books) == 1
