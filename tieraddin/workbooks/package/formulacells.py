"""The formulas of a sheet part, as they are in the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import numpy as np

from tieraddin.tables.layout import Area, parse_area
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.block import Block, Formula, Type
from tieraddin.workbooks.package.stream import SheetStream
from tieraddin.workbooks.package.strings import text_of
from tieraddin.workbooks.port import Form, FormulaCell

_FORMULA = re.compile(rb"""(<(?:[\w.\-]+:)?f\b(?:[^>"']|"[^"]*"|'[^']*')*?)(?:/>|>(.*?)</(?:[\w.\-]+:)?f\s*>)""", re.S)


def formula_cells(stream: SheetStream, dynamic: Collection[str]) -> Iterator[FormulaCell]:
    """The formulas of a sheet; ``dynamic``: the values of the attribute ``cm`` that mark dynamic arrays."""
    masters: dict[str, FormulaCell] = {}
    for block in stream:
        at = np.flatnonzero(block.formulas)
        for i, row in zip(at.tolist(), block.cell_rows()[at].tolist(), strict=True):
            yield _formula(block, i, row, masters, dynamic)


def _formula(block: Block, i: int, row: int, masters: dict[str, FormulaCell], dynamic: Collection[str]) -> FormulaCell:
    start, end = block.spots[i].tolist()
    cell, column = block.data[start:end], int(block.columns[i])
    found = _FORMULA.search(cell)
    here, has_result = Area(row, column, row, column), _has_result(block, i)
    if found is None:  # written in a way that no program writes
        return FormulaCell(row, column, "", Form.DATA_TABLE, here, has_result=has_result)
    text = text_of(found[2] or b"")
    if block.formulas[i] == Formula.PLAIN:
        return FormulaCell(row, column, text, Form.CELL, here, has_result=has_result)
    facts = markup.attributes(found[1])
    if facts.get("t") == "shared":
        cell_ = FormulaCell(row, column, text, Form.SHARED, here, has_result=has_result)
        return _shared(facts.get("si", ""), cell_, masters)
    area = parse_area(facts["ref"]) if "ref" in facts else here
    if facts.get("t") == "dataTable":
        form = Form.DATA_TABLE
    else:
        own = markup.attributes(markup.START_TAG.match(cell)[0])  # type: ignore[index]
        form = Form.DYNAMIC if own.get("cm") in dynamic else Form.ARRAY
    return FormulaCell(row, column, text, form, area, has_result=has_result)


def _shared(group: str, cell: FormulaCell, masters: dict[str, FormulaCell]) -> FormulaCell:
    """The formula of a cell that shares one: its own text, or that of the group's first cell, shifted."""
    if cell.text:
        masters[group] = cell
        return cell
    master = masters.get(group)
    if master is None:
        return FormulaCell(cell.row, cell.column, "", Form.DATA_TABLE, cell.area, has_result=cell.has_result)
    down, right = cell.row - master.row, cell.column - master.column
    return FormulaCell(cell.row, cell.column, master.text, Form.SHARED, cell.area, down, right, cell.has_result)


def _has_result(block: Block, i: int) -> bool:
    """Whether a value stands beside the formula; an empty one is a result where it is said to be a text."""
    start, end = block.values[i].tolist()
    return bool(start >= 0 and (end > start or block.types[i] == Type.TEXT))
