"""Formulas worked out without a spreadsheet: our functions, and the little of Excel's own that stands around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from tieraddin.addin.blocks import Block, CallError, Rows, ToldDate, ToldError
from tieraddin.formulas.cells import Cells, Spot
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.operators import number_of, operate
from tieraddin.formulas.references import resolve, within_name
from tieraddin.formulas.spelling import function_of, plain_name
from tieraddin.formulas.syntax import Array, Call, Literal, Node, Operation, Reference, parse
from tieraddin.tables.values import Cell, CellError
from udfs import FUNCTIONS

VALUE = CellError("#VALUE!")
_REFERRING = {"SINGLE", "ANCHORARRAY"}
_CATCHING = {"IFERROR", "IFNA"}


class Worked(NamedTuple):
    """The result of a formula, what our functions said of faults in it, and whether it operates on whole ranges."""

    block: Block
    told: list[str]
    over_ranges: bool


@dataclass
class _Notes:
    """What is noticed while a formula is worked out."""

    told: list[str] = field(default_factory=list)
    over_ranges: bool = False


def work_out(text: str, spot: Spot, cells: Cells) -> Worked:
    """The result of the formula ``text`` (without ``=``) in the cell ``spot``; a blank cell referred to gives 0.

    Raises
    ------
    NotWorkedOut
        it calls functions of Excel's own, refers to what is not there, or is nested too deeply.
    """
    notes = _Notes()
    try:
        block = _block(_Evaluation(spot, cells, notes).value(parse(text)))
    except RecursionError:
        raise NotWorkedOut("too_deep") from None
    if None in block.cells:
        block = Block([0 if cell is None else cell for cell in block.cells], block.height, block.width)
    return Worked(block, notes.told, notes.over_ranges)


def _block(value: Block | Cell | Sequence[Sequence[Cell]]) -> Block:
    try:
        return Block.of(value)
    except CallError as fault:
        return Block([CellError(fault.error)], 1, 1)


class _Evaluation:
    """One formula at its place."""

    def __init__(self, spot: Spot, cells: Cells, notes: _Notes) -> None:
        self._spot = spot
        self._cells = cells
        self._notes = notes

    def value(self, node: Node) -> Cell | Block:
        """The value of a part of the formula."""
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Reference):
            return self._reference(node.text)
        if isinstance(node, Operation):
            return operate(node.sign, *map(self._operand, node.operands))
        if isinstance(node, Array):
            return _block([[_single(self.value(cell)) for cell in row] for row in node.rows])
        return self._call(node)

    def _operand(self, node: Node) -> Cell | Block:
        """The value of what Excel would take one cell of, were it a range in a plain formula."""
        value = self.value(node)
        if isinstance(node, Reference) and isinstance(value, Block) and not value.is_single:
            self._notes.over_ranges = True
        return value

    def _reference(self, text: str) -> Cell | Block:
        found = resolve(text, self._spot, self._cells)
        if isinstance(found, str):
            return _Evaluation(within_name(self._spot), self._cells, self._notes).value(parse(found))
        sheet, area = found
        return self._cells.block(sheet, self._cells.used(sheet, area))

    def _call(self, call: Call) -> Cell | Block:
        ours = function_of(call.name, self._cells, self._spot.sheet)
        if ours:
            given = (None if argument is None else self.value(argument) for argument in call.arguments)
            result = FUNCTIONS[ours](*given)
            self._notes.told += _told(result)
            return _block(result)
        name = plain_name(call.name)
        if name == "IF" and call.arguments:
            return self._chosen(call.arguments)
        if name in _CATCHING and call.arguments:
            return self._caught(name, call.arguments)
        if name in _REFERRING and len(call.arguments) == 1 and (argument := call.arguments[0]) is not None:
            if isinstance(argument, Reference):
                return self._referred(name, argument.text)
            if name == "SINGLE":
                return _single(self.value(argument))
        if name in ("TRUE", "FALSE", "TODAY") and not call.arguments:
            today = dt.datetime.combine(dt.date.today(), dt.time())
            return today if name == "TODAY" else name == "TRUE"
        raise NotWorkedOut("other_function", function=name)

    def _chosen(self, arguments: Sequence[Node | None]) -> Cell | Block:
        """IF, of which only the part that is asked for is worked out."""
        condition = _block(self._given(arguments, 0))
        if not condition.is_single:
            raise NotWorkedOut("array_condition")
        cell = condition.cells[0]
        if isinstance(cell, str) and not isinstance(cell, CellError):
            cell = {"TRUE": True, "FALSE": False}.get(cell.upper(), VALUE)
        if isinstance(cell, CellError):
            return cell
        if number_of("IF", cell):
            return self._given(arguments, 1) if len(arguments) > 1 else True
        return self._given(arguments, 2) if len(arguments) > 2 else False

    def _caught(self, name: str, arguments: Sequence[Node | None]) -> Cell | Block:
        """IFERROR and IFNA, cell by cell; what is to stand for errors is worked out where there are any."""
        first = _block(0 if arguments[0] is None else self._operand(arguments[0]))
        caught = [isinstance(cell, CellError) and (name == "IFERROR" or cell == "#N/A") for cell in first.cells]
        if not any(caught):
            return first
        other = _block(self._given(arguments, 1))
        if first.is_single:
            return other
        if not other.is_single and other.shape != first.shape:
            raise NotWorkedOut("arrays_differ", function=name)
        others = other.cells * len(caught) if other.is_single else other.cells
        cells = [new if wrong else old for old, new, wrong in zip(first.cells, others, caught, strict=True)]
        return Block(cells, first.height, first.width)

    def _given(self, arguments: Sequence[Node | None], i: int) -> Cell | Block:
        """The value of an argument, 0 where it is left out."""
        argument = arguments[i] if i < len(arguments) else None
        return 0 if argument is None else self.value(argument)

    def _referred(self, name: str, text: str) -> Cell | Block:
        """``A1#``, the whole of an array, or ``@A:A``, the cell of a range in the formula's own row or column."""
        found = resolve(text, self._spot, self._cells)
        if isinstance(found, str):
            raise NotWorkedOut("other_function", function=name)
        sheet, area = found
        if name == "ANCHORARRAY":
            spilled = self._cells.spilled(sheet, area.first_row, area.first_column)
            return self._cells.block(sheet, spilled) if spilled else CellError("#REF!")
        row, column = self._spot.row, self._spot.column
        if area.first_column == area.last_column and area.first_row <= row <= area.last_row:
            area = area._replace(first_row=row, last_row=row)
        elif area.first_row == area.last_row and area.first_column <= column <= area.last_column:
            area = area._replace(first_column=column, last_column=column)
        elif area[:2] != area[2:]:
            return VALUE
        return self._cells.block(sheet, area)


def _told(result: Cell | Rows) -> list[str]:
    """The first sentence that stands beside a value of the result."""
    cells = chain.from_iterable(result) if isinstance(result, list) else (result,)
    return [str(cell.told) for cell in islice((c for c in cells if isinstance(c, (ToldError, ToldDate))), 1)]


def _single(value: Cell | Block) -> Cell:
    return value.cells[0] if isinstance(value, Block) else value
