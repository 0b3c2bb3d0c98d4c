"""References in formulas: cells and ranges, whole columns and rows, Excel tables, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from tieraddin.formulas.cells import Cells, Spot
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.structured import Structured, area_of, parse_structured
from tieraddin.formulas.syntax import REMEMBERED, words
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area, column_number

_CORNER = r"(\$?)([A-Za-z]{1,3})?(\$?)([0-9]{1,7})?"
_RANGE = re.compile(rf"{_CORNER}(?::{_CORNER})?")
_DEPTH = 20
"""How many names may refer to one another in turn."""


class Corner(NamedTuple):
    """A corner of a range: row and column (0 where whole columns or rows are meant), which are fixed by ``$``."""

    row: int
    column: int
    fixed_row: bool
    fixed_column: bool


@dataclass(frozen=True, slots=True)
class CellRange:
    """``Sheet1!$A1:B2``; ``sheet`` is None on the formula's own."""

    sheet: str | None
    corners: tuple[Corner, Corner]

    def area(self, spot: Spot) -> Area:
        """Where it is for a formula at ``spot``."""
        rows = [_moved(c.row, c.fixed_row, spot.down, LAST_ROW) for c in self.corners]
        columns = [_moved(c.column, c.fixed_column, spot.right, LAST_COLUMN) for c in self.corners]
        top, bottom = sorted(rows) if all(rows) else (1, LAST_ROW)
        left, right = sorted(columns) if all(columns) else (1, LAST_COLUMN)
        return Area(top, left, bottom, right)


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name, sought on ``sheet`` first."""

    sheet: str | None
    name: str


Referred: TypeAlias = "CellRange | Structured | Name"


def _moved(number: int, fixed: bool, by: int, last: int) -> int:
    """A row or column shifted; off the sheet's end it goes on at its beginning, as in Excel."""
    return number if fixed or not number or not by else (number + by - 1) % last + 1


@lru_cache(maxsize=REMEMBERED)
def read_reference(text: str) -> Referred:
    """What a reference says.

    Raises
    ------
    NotWorkedOut
        a reference to another workbook, or to several sheets.
    """
    place, sign, rest = text.removeprefix("@").rpartition("!")
    if "[" in place or (not sign and re.match(r"\[\d+\]", rest)):
        raise NotWorkedOut("other_workbook", text=text)
    if "[" in rest and not sign:
        return parse_structured(rest)
    sheet = place.removeprefix("'").removesuffix("'").replace("''", "'") if sign else None
    if sheet and ":" in sheet:
        raise NotWorkedOut("unreadable")
    if (found := _RANGE.fullmatch(rest)) and (corners := _corners(found)):
        return CellRange(sheet, corners)
    return Name(sheet, rest)


def _corners(found: re.Match[str]) -> tuple[Corner, Corner] | None:
    """The corners of a range; None where the text is a name, such as TAX2026 or A1B."""
    first, second = found.groups()[:4], found.groups()[4:]
    single = second == (None,) * 4
    corners = [_corner(*part) for part in ((first,) if single else (first, second))]
    shapes = {(corner.row > 0, corner.column > 0) for corner in corners}
    on_sheet = all(corner.row <= LAST_ROW and corner.column <= LAST_COLUMN for corner in corners)
    if len(shapes) > 1 or not on_sheet or shapes == {(False, False)} or (single and shapes != {(True, True)}):
        return None
    return corners[0], corners[-1]


def _corner(dollar: str, letters: str | None, second: str, digits: str | None) -> Corner:
    fixed_row = bool(second) if letters else bool(dollar or second)
    return Corner(int(digits or 0), column_number(letters or ""), fixed_row, bool(dollar and letters))


def resolve(text: str, spot: Spot, cells: Cells) -> tuple[str, Area] | str:
    """The sheet and the area of a reference, or the text of a name's formula that is no mere reference.

    Raises
    ------
    NotWorkedOut
        there is no such sheet, table or name.
    """
    referred = read_reference(text)
    if isinstance(referred, Structured):
        return area_of(referred, spot, cells)
    if isinstance(referred, CellRange):
        return sheet_of(referred.sheet, spot, cells), referred.area(spot)
    sheet = sheet_of(referred.sheet, spot, cells)
    formula = cells.name(referred.name, sheet)
    if formula is None:
        table = cells.table(referred.name)
        if table is None:
            raise NotWorkedOut("no_name", name=referred.name)
        return area_of(Structured(referred.name), spot, cells)
    return formula


def sheet_of(name: str | None, spot: Spot, cells: Cells) -> str:
    """The sheet of a reference."""
    if name is None:
        return spot.sheet
    found = cells.sheet(name)
    if found is None:
        raise NotWorkedOut("no_sheet", sheet=name)
    return found


def within_name(spot: Spot) -> Spot:
    """Where the formula of a name is read for a cell: its relative references are counted from A1."""
    return spot._replace(down=spot.row - 1, right=spot.column - 1)


def reached(text: str, spot: Spot, cells: Cells, depth: int = 0) -> Iterator[tuple[str, Area]]:
    """The areas that a reference leads to, through names.

    Raises
    ------
    NotWorkedOut
        there is no such sheet, table or name; names that refer to one another in a circle.
    """
    found = resolve(text, spot, cells)
    if not isinstance(found, str):
        yield found
        return
    if depth > _DEPTH:
        raise NotWorkedOut("circle_of_names", name=text)
    for inner in words(found).references:
        yield from reached(inner, within_name(spot), cells, depth + 1)
