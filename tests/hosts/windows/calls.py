"""Formulas as the calls that the VBA of a workbook would make: ranges as Range objects, what is left out as Missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from tieraddin.formulas.syntax import Array, Call, Literal, Node, Operation, Reference, parse
from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

MODULE = "tieraddin.hosts.excel.functions"
MISSING = {"missing": True}


def told(cell: Any) -> Any:
    """A cell as the job's JSON has it."""
    if isinstance(cell, CellError):
        return {"error": str(cell)}
    return {"date": cell.isoformat()} if isinstance(cell, dt.date) else cell


def cell_of(given: Any) -> Any:
    """What came back, as a cell."""
    match given:
        case {"error": name}:
            return CellError(name)
        case {"date": text}:
            return dt.datetime.fromisoformat(text)
    return given


def rows_of(given: Any) -> list[list[Any]]:
    """An answer as rows: a row comes as a flat list, a single cell as a value."""
    rows = given if isinstance(given, list) else [given]
    rows = rows if isinstance(rows[0], list) else [rows]
    return [[cell_of(cell) for cell in row] for row in rows]


class Calls:
    """The calls of a job; that of an inner formula comes before that of the outer one."""

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []

    def call(self, function: str, *arguments: Any, module: str = MODULE, **more: Any) -> int:
        """Add a call; where its answer is to be found."""
        self.made.append({"module": module, "function": function, "args": list(arguments), **more})
        return len(self.made) - 1

    def formula(self, formula: str, cells: Mapping[str, Any]) -> int | None:
        """Add the call of ``formula``; None for one with too many or too few arguments, which Excel turns down."""
        node = parse(formula.removeprefix("="))
        assert isinstance(node, Call)
        arguments = FUNCTIONS[node.name].arguments
        if not sum(argument.required for argument in arguments) <= len(node.arguments) <= len(arguments):
            return None
        return self._called(node, cells)

    def _called(self, node: Call, cells: Mapping[str, Any]) -> int:
        given = [MISSING if each is None else self._argument(each, cells) for each in node.arguments]
        given += [MISSING] * (len(FUNCTIONS[node.name].arguments) - len(given))
        return self.call(node.name, *given)

    def _argument(self, node: Node, cells: Mapping[str, Any]) -> Any:
        match node:
            case Literal(value):
                return told(value)
            case Reference(text):
                return range_of(text.replace("$", ""), cells)
            case Array(rows):
                return {"array": [[self._argument(cell, cells) for cell in row] for row in rows]}
            case Operation("- ", (Literal(float(number)),)):
                return -number
            case Call():
                return {"answer": self._called(node, cells)}
        raise AssertionError(node)


def range_of(reference: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The Range of ``reference`` on a sheet where ``cells`` stand: from each address on, a value or rows of values."""
    at: dict[tuple[int, int], Any] = {}
    for address, values in cells.items():
        letters, first = coordinate_from_string(address)
        for i, line in enumerate(values if isinstance(values, list) else [[values]]):
            for j, value in enumerate(line):
                at[first + i, column_index_from_string(letters) + j] = told(value)
    left, top, right, bottom = range_boundaries(reference)
    whole = bottom is None
    last = max(row for row, _ in at) if whole else bottom
    rows = [[at.get((row, column)) for column in range(left, right + 1)] for row in range(top or 1, last + 1)]
    if whole:
        return {"whole": rows, "address": ":".join(f"${letters}" for letters in reference.split(":"))}
    return {"range": rows, "address": reference}
