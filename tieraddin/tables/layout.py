"""Where things are on a sheet: addresses, the kinds of its cells, its Excel tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


class Area(NamedTuple):
    """A block of cells, both ends included, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = f"{column_letters(self.first_column)}{self.first_row}"
        last = f"{column_letters(self.last_column)}{self.last_row}"
        return first if first == last else f"{first}:{last}"


def column_letters(number: int) -> str:
    """``1`` -> ``A``, ``28`` -> ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``AB`` -> ``28``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_area(text: str) -> Area:
    """``A1:C3``, ``$B$2`` -> `Area`; ValueError where it is no address on a sheet."""
    corners = [_ADDRESS.fullmatch(part) for part in text.split(":")]
    if not 1 <= len(corners) <= 2 or not all(corners):
        raise ValueError(text)
    rows = [int(corner[2]) for corner in corners if corner]
    columns = [column_number(corner[1]) for corner in corners if corner]
    if max(rows) > LAST_ROW or max(columns) > LAST_COLUMN:
        raise ValueError(text)
    return Area(min(rows), min(columns), max(rows), max(columns))


def common(a: Area, b: Area) -> Area | None:
    """The cells that are in both areas."""
    area = Area(
        max(a.first_row, b.first_row),
        max(a.first_column, b.first_column),
        min(a.last_row, b.last_row),
        min(a.last_column, b.last_column),
    )
    return area if area.first_row <= area.last_row and area.first_column <= area.last_column else None


@dataclass(slots=True, frozen=True, eq=False)
class KindGrid:
    """What the cells of a sheet hold, its blank rows and columns left out.

    Attributes
    ----------
    rows, columns
        int32, ascending: the numbers (from 1) of the rows and columns that hold a cell that is not blank.
    kinds
        uint8, rows by columns: a `tieraddin.tables.values.Kind` for each.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    kinds: NDArray[np.uint8]


@dataclass(slots=True, frozen=True)
class TableInfo:
    """An Excel table: its name, the area with header and totals, and its columns' names."""

    name: str
    area: Area
    header_rows: int = 1
    totals_rows: int = 0
    columns: list[str] = field(default_factory=list)
