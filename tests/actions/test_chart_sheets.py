"""The sheets with charts: what their tables hold, worked out by hand, and what the charts draw of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tieraddin.actions.chart_sheets import MOST_CUSTOMERS, dashboard, pareto
from tieraddin.actions.portfolio.check import BESIDE, check_portfolio
from tieraddin.actions.retier import plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused
from tieraddin.language import use_language
from tieraddin.workbooks import open_workbook

pytestmark = pytest.mark.usefixtures("english")


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Sales"
    for row in [["Customer", "Sales", "Rep", "Grade"], *rows]:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [["Cy", 70, "Kim", "A"], ["Ann", 700, "Kim", "A"], ["Bo", 200, "Lee", "C"], ["Di", 30, "Kim", "C"]]
    return workbook(tmp_path / "book.xlsx", [*rows, ["Ed", None, "Lee", None]])


def drawn(path: Path, what: str, lang: Any = "en", **options: Any) -> Any:
    """The sheet after the action, as openpyxl reads it."""
    use_language(lang)
    with open_workbook(path) as book:
        rules = Rules.of("value-abc", options, beside=BESIDE)
        if what == "pareto":
            sheet = pareto(book, plan_retier(book, rules))
        else:
            sheet = dashboard(book, check_portfolio(book, rules))
        book.save()
    return openpyxl.load_workbook(path)[sheet]


def table_at(sheet: Any, header: str) -> list[list[Any]]:
    """The rows from the one that begins with ``header`` to the next blank one."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(i for i, row in enumerate(rows) if row[0] == header)
    last = next((i for i in range(first, len(rows)) if rows[i][0] is None), len(rows))
    return [[cell for cell in row if cell is not None] for row in rows[first:last]]


def test_pareto(path: Path) -> None:
    sheet = drawn(path, "pareto")
    assert table_at(sheet, "Customer") == [
        ["Customer", "Sales", "Share reached", "Cutoff 80%", "Cutoff 95%"],
        ["Ann", 700, 0.7, 0.8, 0.95],
        ["Bo", 200, 0.9, 0.8, 0.95],
        ["Cy", 70, 0.97, 0.8, 0.95],
        ["Di", 30, 1, 0.8, 0.95],
    ]
    (chart,) = sheet._charts
    series = [
        (type(part).__name__, one.val.numRef.f, one.cat.strRef.f) for part in chart._charts for one in part.series
    ]
    at = "'Tier Pareto'!"
    assert [(kind, values.removeprefix(at)) for kind, values, _ in series] == [
        ("BarChart", "$B$5:$B$8"), ("LineChart", "$C$5:$C$8"), ("LineChart", "$D$5:$D$8"), ("LineChart", "$E$5:$E$8"),
    ]  # fmt: skip
    assert {names for _, _, names in series} == {f"{at}$A$5:$A$8"}
    assert sheet["A5"].value == "Ann"


def test_the_cutoffs_are_those_of_the_run(path: Path) -> None:
    sheet = drawn(path, "pareto", cuts=[0.5, 0.9])
    assert table_at(sheet, "Customer")[0][3:] == ["Cutoff 50%", "Cutoff 90%"]


def test_only_the_largest_are_shown_and_their_share_is_of_all(tmp_path: Path) -> None:
    values = list(range(1, 101))
    path = workbook(tmp_path / "many.xlsx", [[f"c{k}", k, None, None] for k in values])
    rows = table_at(drawn(path, "pareto"), "Customer")[1:]
    assert len(rows) == MOST_CUSTOMERS
    assert [row[1] for row in rows] == sorted(values, reverse=True)[:MOST_CUSTOMERS]
    assert rows[-1][2] == pytest.approx(sum(sorted(values)[-MOST_CUSTOMERS:]) / sum(values))


def test_dashboard(path: Path) -> None:
    sheet = drawn(path, "dashboard")
    mix = table_at(sheet, "Tier")
    assert [row[:2] for row in mix[1:]] == [["A", 0.5], ["B", 0.25], ["C", 0.25]]
    assert table_at(sheet, "From") == [
        ["From", "To A", "To B", "To C"], ["A", 1, 1, 0], ["C", 1, 0, 1], ["(none)", 0, 0, 0],
    ]  # fmt: skip
    assert table_at(sheet, "Person") == [["Person", "A", "B", "C"], ["Kim", 1, 1, 1], ["Lee", 1, 0, 0]]
    assert len(sheet._charts) == 3


def test_dashboard_by_a_rhythm(path: Path) -> None:
    """A and C are called every 7 days, B every 3."""
    use_language("en")
    with open_workbook(path) as book:
        sheet = dashboard(book, check_portfolio(book, Rules.of("value-abc", cadence="followup-duty", beside=BESIDE)))
        book.save()
    made = openpyxl.load_workbook(path)[sheet]
    rows = [[cell.value for cell in row[:4]] for row in made.iter_rows()]
    first = next(k for k, row in enumerate(rows) if str(row[0]).startswith("Contacts a week")) + 1
    assert rows[first] == ["Person", "A", "B", "C"]
    assert rows[first + 1 : first + 3] == [["Kim", 1, pytest.approx(7 / 3, abs=1e-6), 1], ["Lee", 1, 0, 0]]
    assert len(made._charts) == 4


def test_a_second_run_renews_the_sheet(path: Path) -> None:
    drawn(path, "dashboard")
    sheet = drawn(path, "dashboard", "zh")
    assert len(sheet._charts) == 3
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Sales", sheet.title]
    assert table_at(sheet, "负责人")[1] == ["Kim", 1, 1, 1]


@pytest.mark.parametrize(("model", "rows", "key"), [
    ("value-abc", [["Ann", -5, None, None], ["Bo", 0, None, None]], "charts.no_values"),
    ("four-styles", None, "charts.no_measure"),
])  # fmt: skip
def test_nothing_to_draw(tmp_path: Path, model: str, rows: Any, key: str) -> None:
    path = workbook(tmp_path / "book.xlsx", rows or [["Ann", "strong", "weak", None]])
    given = None if rows else {"affect": "Sales", "expression": "Rep"}
    with open_workbook(path) as book, pytest.raises(TableRefused) as refused:
        pareto(book, plan_retier(book, Rules.of(model), given=given))
    assert refused.value.key == key
