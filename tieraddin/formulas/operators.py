"""Operators of formulas, cell by cell, as Excel has them; what hangs on formats or sorting is left to it."""

from __future__ import annotations

import datetime as dt
import math
import operator
from collections.abc import Callable
from typing import Any

from tieraddin.addin.blocks import Block
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.tables.values import Cell, CellError, from_serial, to_serial

DIV, NUM, NA = map(CellError, ("#DIV/0!", "#NUM!", "#N/A"))
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_WITH_DATES = {("+", (True, False)), ("+", (False, True)), ("-", (True, False)), ("-", (True, True))}
"""The sums that dates may be in, and on which side they are."""
_PLAIN = 1e-4, 1e15
"""Excel joins numbers between these as they read; others with an exponent."""


def operate(sign: str, *operands: Cell | Block) -> Cell | Block:
    """One operation, on cells or, element by element, on arrays.

    A single row or column is repeated; where one array is smaller the result is #N/A.
    """
    blocks = [Block.of(operand) for operand in operands]
    function: Callable[..., Cell] = _single if len(blocks) == 1 else _pair
    if all(block.is_single for block in blocks):
        return function(sign, *(block.cells[0] for block in blocks))
    height, width = max(block.height for block in blocks), max(block.width for block in blocks)
    places = [(i, j) for i in range(height) for j in range(width)]
    return Block([function(sign, *(_at(block, *place) for block in blocks)) for place in places], height, width)


def _at(block: Block, i: int, j: int) -> Cell:
    i, j = 0 if block.height == 1 else i, 0 if block.width == 1 else j
    return block.cells[i * block.width + j] if i < block.height and j < block.width else NA


def number_of(sign: str, cell: Cell) -> float:
    """What a cell that is no error counts for.

    Raises
    ------
    NotWorkedOut
        a text that is no plain number: Excel may read a date or an amount in it.
    """
    if isinstance(cell, str):
        try:
            return float(cell)
        except ValueError:
            raise NotWorkedOut("no_sum", sign=sign.strip()) from None
    return to_serial(cell) if isinstance(cell, dt.date) else float(cell or 0)


def _single(sign: str, cell: Cell) -> Cell:
    if isinstance(cell, CellError) or sign == "+ ":
        return cell
    if isinstance(cell, dt.date):
        raise NotWorkedOut("no_sum", sign=sign.strip())
    return -number_of(sign, cell) if sign == "- " else number_of(sign, cell) / 100


def _pair(sign: str, a: Cell, b: Cell) -> Cell:
    for cell in (a, b):
        if isinstance(cell, CellError):
            return cell
    if sign == "&":
        return _text(a) + _text(b)
    return _compared(sign, a, b) if sign in _COMPARISONS else _calculated(sign, a, b)


def _text(cell: Cell) -> str:
    """A cell as ``&`` joins it."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, str):
        return str(cell).upper() if isinstance(cell, bool) else cell or ""
    if isinstance(cell, dt.date) or not (cell == 0 or _PLAIN[0] <= abs(cell) < _PLAIN[1]):
        raise NotWorkedOut("no_sum", sign="&")
    return f"{cell:.15g}"


def _calculated(sign: str, a: Cell, b: Cell) -> Cell:
    left, right = number_of(sign, a), number_of(sign, b)
    dates = (isinstance(a, dt.date), isinstance(b, dt.date))
    if any(dates) and (sign, dates) not in _WITH_DATES:
        raise NotWorkedOut("no_sum", sign=sign)
    try:
        result = _ARITHMETIC[sign](left, right)
    except ZeroDivisionError:
        return DIV
    if not math.isfinite(result):
        return NUM
    return from_serial(result) if sum(dates) == 1 else result


def _compared(sign: str, a: Cell, b: Cell) -> Cell:
    """Whether two cells compare so: numbers, then texts, then booleans; a blank is the other's nothing."""
    nothing: dict[type, Cell] = {bool: False, str: ""}
    left, right = _rank(nothing.get(type(b), 0) if a is None else a), _rank(nothing.get(type(a), 0) if b is None else b)
    if left[0] == right[0] == 1 and sign not in ("=", "<>"):
        raise NotWorkedOut("no_sum", sign=sign)
    return _COMPARISONS[sign](left, right)


def to_15_digits(number: float) -> float:
    """A number as Excel compares it."""
    return float(f"{number:.15g}")


def _rank(cell: Cell) -> tuple[int, Any]:
    if isinstance(cell, bool):
        return 2, cell
    if isinstance(cell, str):
        return 1, cell.casefold()
    return 0, to_15_digits(number_of("=", cell))
