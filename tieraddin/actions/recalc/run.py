"""Recalculate our formulas in a workbook file, without a spreadsheet program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tieraddin.actions.files import save
from tieraddin.actions.output import check_target
from tieraddin.actions.recalc.book_cells import BookCells
from tieraddin.actions.recalc.calculation import Calculation, Outcome
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.order import Key
from tieraddin.formulas.spelling import function_of, may_call_ours
from tieraddin.formulas.syntax import words
from tieraddin.tables.layout import Area, column_letters
from tieraddin.tables.values import Cell
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import KEEP, Form, FormulaCell, Workbook, Written

Done = dict[str, Any]
Outcomes = dict[Key, Outcome]
Formulas = dict[Key, FormulaCell]

MOST_RUNS = 10
"""How often all is worked out anew because a result spilled into cells that others read."""


def recalc_file(path: Path, *, output: Path | None = None, in_place: bool = False) -> Done:
    """Recalculate a workbook file; what was done, as JSON has it.

    Without ``output`` or ``in_place`` the result is ``NAME.recalc.xlsx`` beside the workbook. A copy of whatever file
    is replaced is kept. Where nothing changes nothing is written, unless ``output`` asks for a file.
    """
    target = path if in_place else output or path.with_name(f"{path.stem}.recalc{path.suffix}")
    check_target(path, None if in_place else target)
    with open_workbook(path) as book:
        formulas, outcomes = recalculate(book)
        changed = {key: outcome for key, outcome in outcomes.items() if outcome.changed}
        _write(book, formulas, changed)
        left = [
            _where(key) | {"formula": _shown(formulas[key]), "reason": outcome.told[0]}
            for key, outcome in outcomes.items()
            if outcome.block is None
        ]
        told = [
            _where(key) | {"value": outcome.block.cells[0], "told": outcome.told[0]}
            for key, outcome in outcomes.items()
            if outcome.block is not None and outcome.told
        ]
        done = {
            "calculated": len(changed),
            "unchanged": len(outcomes) - len(changed) - len(left),
            "left": left,
            "told": told,
        }
        return done | (save(book, target) if changed or output else {"output": None})


def recalculate(book: Workbook) -> tuple[Formulas, Outcomes]:
    """The formulas of a workbook, and what became of those that call our functions; nothing is written."""
    if not any(may_call_ours(cell.text) for name in book.sheet_names for cell in book.formulas(name)):
        return {}, {}
    formulas = {Key(name, c.row, c.column): c for name in book.sheet_names for c in book.formulas(name)}
    cells = BookCells(book, {})
    ours = [key for key, cell in formulas.items() if _is_ours(key, cell, cells)]
    areas: dict[Key, Area] = {}
    for _ in range(MOST_RUNS):
        calculation = Calculation(book, formulas, ours, areas)
        calculation.run()
        if not (missed := calculation.missed()):
            break
        areas = {key: outcome.area for key, outcome in calculation.outcomes.items()}
    outcomes = {key: calculation.outcomes[key] for key in ours}
    for key in missed:
        if key in outcomes:
            outcomes[key] = Outcome(formulas[key].area, told=[str(NotWorkedOut("circle"))])
    return formulas, outcomes


def _is_ours(key: Key, cell: FormulaCell, cells: BookCells) -> bool:
    if not may_call_ours(cell.text):
        return False
    try:
        return any(function_of(name, cells, key.sheet) for name in words(cell.text).functions)
    except NotWorkedOut:
        return True  # said to be left, with the reason


def _write(book: Workbook, formulas: Formulas, changed: Mapping[Key, Outcome]) -> None:
    """Put the results into their cells: arrays one by one, single cells that stand below each other together."""
    singles: dict[tuple[str, int], dict[int, Cell]] = {}
    for key, outcome in changed.items():
        cell, block = formulas[key], outcome.block
        if block is None:
            continue
        if block.is_single and cell.area == outcome.area and not outcome.as_array:
            singles.setdefault((key.sheet, key.column), {})[key.row] = block.cells[0]
            continue
        spills = outcome.as_array or (cell.form in (Form.CELL, Form.DYNAMIC) and cell.area != outcome.area)
        rows = _rows(cell.area, outcome)
        book.write_results(key.sheet, key.row, key.column, rows, outcome.area if spills else None)
    for (sheet, column), cells in singles.items():
        for first, run in _runs(cells):
            book.write_results(sheet, first, column, [[cell] for cell in run])


def _rows(before: Area, outcome: Outcome) -> list[list[Written]]:
    """The values of an array, and blanks where it filled cells before."""
    after, block = outcome.area, outcome.block
    rows: list[list[Written]] = [[*row] for row in block.rows] if block else []
    height, width = after.last_row - after.first_row + 1, after.last_column - after.first_column + 1
    old_height, old_width = before.last_row - before.first_row + 1, before.last_column - before.first_column + 1
    for i in range(max(height, old_height)):
        rows += [[]] if i >= height else []
        for k in range(len(rows[i]), max(width, old_width)):
            rows[i].append(None if i < old_height and k < old_width else KEEP)
    return rows


def _runs(cells: Mapping[int, Cell]) -> Iterator[tuple[int, list[Cell]]]:
    """The values of neighbouring rows together: the first row, and its and the following values."""
    first, run = 0, list[Cell]()
    for row in sorted(cells):
        if run and row != first + len(run):
            yield first, run
            run = []
        first = first if run else row
        run.append(cells[row])
    if run:
        yield first, run


def _where(key: Key) -> Done:
    return {"sheet": key.sheet, "cell": f"{column_letters(key.column)}{key.row}"}


def _shown(cell: FormulaCell) -> str:
    """A formula as its cell shows it."""
    if not cell.down and not cell.right:
        return f"={cell.text}"
    from openpyxl.formula.translate import Translator

    origin = f"{column_letters(cell.column - cell.right)}{cell.row - cell.down}"
    return str(Translator(f"={cell.text}", origin=origin).translate_formula(f"{column_letters(cell.column)}{cell.row}"))
