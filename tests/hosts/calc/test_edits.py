"""Real LibreOffice, edited as people edit: no answer is ever one of before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

FIRST, LAST = 2, 9
FORMULA = 'TIER("value-abc",B{row},,,B$2:B$9)'


def abc(values: list[Any]) -> list[str]:
    """ABC by value share, in whole numbers: the class of a value is told by what all larger ones make up."""
    numbers = [int(value) if str(value).strip().isdecimal() else None for value in values]
    total = sum(n for n in numbers if n is not None)
    before = [None if own is None else sum(n for n in numbers if n is not None and n > own) for own in numbers]
    return ["" if b is None else "ABC"[(b * 5 >= total * 4) + (b * 20 >= total * 19)] for b in before]


START = [700, 200, 60, 40, 30, 20, 10, 5]


@pytest.fixture
def book(calc: Any) -> Any:
    """Customers in A, sales in B (the last by a formula from E1), a grade in each row of C, all of them in D."""
    calc.new()
    calc.set_values(0, "A1", [["Customer", "Sales", "Tier", "All"]])
    calc.set_values(0, "A2", [[f"c{i}", value] for i, value in enumerate(START)])
    calc.set_values(0, "E1", [[5]])
    calc.set_formula(0, "B9", "=E1")
    for row in range(FIRST, LAST + 1):
        calc.set_formula(0, f"C{row}", f"={FORMULA.format(row=row)}")
    calc.set_array_formula(0, "D2:D9", '=TIER("value-abc",B2:B9)')
    return calc


def column(calc: Any, letter: str, last: int = LAST) -> list[Any]:
    return [cell for (cell,) in calc.values(0, f"{letter}2:{letter}{last}")]


def holds(calc: Any, last: int = LAST) -> None:
    values = [int(cell) if isinstance(cell, float) else cell for cell in column(calc, "B", last)]
    expected = abc(["" if value is None else value for value in values])
    assert column(calc, "C", last) == expected, values
    assert column(calc, "D", last) == expected, values


def cell(calc: Any, address: str) -> Any:
    return calc._range(0, address).getCellByPosition(0, 0)


def swapped(calc: Any) -> None:
    calc.set_values(0, "B2", [[40], [200], [60], [700]])


def by_dependency(calc: Any) -> None:
    calc.set_values(0, "E1", [[5000]])


def of_text(calc: Any) -> None:
    calc.set_values(0, "B3", [["x"]])
    holds(calc)
    calc.set_values(0, "B3", [["2000"]])


def undone(calc: Any) -> None:
    calc.set_values(0, "B2", [[1]])
    holds(calc)
    calc.doc.getUndoManager().undo()
    assert cell(calc, "B2").getValue() == 700


def before_it_is_calculated(calc: Any) -> None:
    """The grade is asked for before the cells it rests on are: automatic calculation is off while they change."""
    calc.doc.enableAutomaticCalculation(False)
    calc.set_values(0, "E1", [[900]])
    calc.set_values(0, "B4", [[400]])
    calc.doc.enableAutomaticCalculation(True)
    calc.recalculate()  # calculate() alone leaves array formulas as they were, LibreOffice's own too


def behind_locks(calc: Any) -> None:
    calc.doc.lockControllers()
    calc.doc.addActionLock()
    calc.set_values(0, "B5", [[4000]])
    holds(calc)
    calc.set_values(0, "B5", [["40"]])
    holds(calc)
    calc.doc.removeActionLock()
    calc.doc.unlockControllers()


def with_wrapped_text(calc: Any) -> None:
    """The height of the row is measured while the cell is being edited, and the grade is asked for then."""
    calc._range(0, "C2:D9").IsTextWrapped = True
    for value in (1, "2000", 3):
        calc.set_values(0, "B6", [[value]])
        holds(calc)


EDITS = [swapped, by_dependency, of_text, undone, before_it_is_calculated, behind_locks, with_wrapped_text]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_every_row_sees_an_edit(book: Any, edit: Callable[[Any], None]) -> None:
    holds(book)
    edit(book)
    holds(book)


def test_rows_that_are_inserted_and_sheets_that_are_renamed(book: Any) -> None:
    sheet = book.doc.Sheets.getByIndex(0)
    sheet.getCellRangeByName("D2:D9").clearContents(16)  # no row can be inserted within an array formula
    sheet.Rows.insertByIndex(4, 1)
    book.set_values(0, "B5", [[3000]])
    book.set_formula(0, "C5", f"={FORMULA.format(row=5).replace('$9', '$10')}")
    expected = abc([int(v) for v in column(book, "B", 10)])
    assert column(book, "C", 10) == expected
    sheet.Name = "其他 sheet"
    book.set_values(0, "B5", [[1]])
    assert column(book, "C", 10) == abc([int(v) for v in column(book, "B", 10)])


def test_two_books_with_sheets_of_one_name_do_not_mix(book: Any) -> None:
    first = book.doc
    other = book.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    try:
        for turn, values in enumerate(([5, 10, 20], [20, 10, 5], [9, 9, 9])):
            book.doc = other
            book.set_values(0, "B2", [[value] for value in values])
            for row in (2, 3, 4):
                book.set_formula(0, f"C{row}", f"={FORMULA.format(row=row).replace('$9', '$4')}")
            assert column(book, "C", 4) == abc(values)
            book.doc = first
            book.set_values(0, "B4", [[60 + turn]])
            holds(book)
    finally:
        book.doc = first
        other.close(True)


def test_a_book_that_calculates_itself_anew_each_time(book: Any) -> None:
    """RAND() in the population: what stands in the cells and what is graded is the same draw."""
    for row in range(FIRST, LAST + 1):
        book.set_formula(0, f"B{row}", "=RANDBETWEEN(1,1000)")
    for _ in range(5):
        book.recalculate()
        holds(book)


def test_a_large_population_row_by_row_and_at_once(calc: Any) -> None:
    cents = np.random.default_rng(5).lognormal(13, 1.5, 10_000).astype(int)
    total, descending = int(cents.sum()), -np.sort(-cents)
    sums = np.append(0, np.cumsum(descending))
    before = sums[np.searchsorted(-descending, -cents, "left")]
    expected = ["ABC"[int(b * 5 >= total * 4) + int(b * 20 >= total * 19)] for b in before.tolist()]
    calc.new()
    calc.set_values(0, "A1", [[int(cent)] for cent in cents])
    calc.set_array_formula(0, "B1:B10000", '=TIER("value-abc",A1:A10000)')
    assert [grade for (grade,) in calc.values(0, "B1:B10000")] == expected
    for row in range(1, 10_001, 200):
        calc.set_formula(0, f"C{row}", f'=TIER("value-abc",A{row},,,A$1:A$10000)')
    assert [grade for (grade,) in calc.values(0, "C1:C10000")[::200]] == expected[::200]
    calc.set_formula(0, "D1", "=PARETO_CLASS(A1,,,,A:A)")
    assert calc.values(0, "D1") == [[expected[0]]]
