"""Formulas worked out without a spreadsheet: literals, array constants, cells and calls of our own functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

Cells = Mapping[str, Any]
"""What stands on the sheet: the address of a first cell, and a value, or rows of values from there on."""


class Sheet:
    """The cells of one sheet."""

    def __init__(self, cells: Cells) -> None:
        self.at: dict[tuple[int, int], Any] = {}
        for address, values in cells.items():
            letters, row = coordinate_from_string(address)
            column = column_index_from_string(letters)
            for i, line in enumerate(values if isinstance(values, list) else [[values]]):
                for j, value in enumerate(line):
                    self.at[row + i, column + j] = value

    def read(self, reference: str) -> Any:
        """The value of a cell, or the rows of a range; whole columns end with the last row in use."""
        reference = reference.replace("$", "")
        left, top, right, bottom = range_boundaries(reference)
        if ":" not in reference:
            return self.at.get((top, left))
        bottom = bottom or max(row for row, _ in self.at)
        return [[self.at.get((r, c)) for c in range(left, right + 1)] for r in range(top or 1, bottom + 1)]


def work_out(formula: str, cells: Cells) -> Any:
    """The value of ``formula``, which begins with ``=``."""
    return _Parser(formula, Sheet(cells)).whole()


class _Parser:
    def __init__(self, formula: str, sheet: Sheet) -> None:
        self.tokens: list[Token] = [t for t in Tokenizer(formula).items if t.type != Token.WSPACE]
        self.sheet = sheet

    def whole(self) -> Any:
        value = self._value()
        assert not self.tokens, self.tokens
        return value

    def _value(self) -> Any:
        token = self.tokens.pop(0)
        if token.type == Token.OPERAND:
            return self._operand(token)
        if token.type == Token.OP_PRE:
            return -self._value()
        if token.type == Token.ARRAY:
            return self._array()
        assert token.type == Token.FUNC, token.value
        return FUNCTIONS[token.value.rstrip("(")](*self._arguments())

    def _operand(self, token: Token) -> Any:
        match token.subtype:
            case Token.NUMBER:
                return float(token.value)
            case Token.TEXT:
                return token.value[1:-1].replace('""', '"')
            case Token.LOGICAL:
                return token.value == "TRUE"
            case Token.ERROR:
                return CellError(token.value)
        return self.sheet.read(token.value)

    def _array(self) -> list[list[Any]]:
        rows: list[list[Any]] = [[]]
        while (token := self.tokens[0]).type != Token.ARRAY:
            if token.type == Token.SEP or token.subtype == Token.SEP:
                rows += [[]] if token.value == ";" else []
                self.tokens.pop(0)
            elif token.type == "ARRAYROW":
                self.tokens.pop(0)
            else:
                rows[-1].append(self._value())
        self.tokens.pop(0)
        return rows

    def _arguments(self) -> Sequence[Any]:
        if self._closes():
            return []
        arguments: list[Any] = [None]
        while not self._closes():
            if self.tokens[0].type == Token.SEP:
                self.tokens.pop(0)
                arguments.append(None)
            else:
                arguments[-1] = self._value()
        return arguments

    def _closes(self) -> bool:
        """Whether the call ends here; its bracket is taken then."""
        token = self.tokens[0]
        ends = token.type == Token.FUNC and token.subtype == Token.CLOSE
        if ends:
            self.tokens.pop(0)
        return ends
