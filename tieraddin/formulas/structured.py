"""References into Excel tables: ``Customers[Sales]``, ``Customers[[#This Row],[Sales]]``, ``[@Sales]``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieraddin.formulas.cells import Cells, Spot
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.tables.layout import Area, TableInfo

_ITEM = re.compile(r"\[((?:'.|[^\[\]'])*)\]")
_ESCAPED = re.compile(r"'(.)")
_WHOLE = re.compile(r"([^\[]*)\[(.*)\]", re.S)
_SECTIONS = {"#all", "#data", "#headers", "#totals", "#this row"}


@dataclass(frozen=True, slots=True)
class Structured:
    """A reference into an Excel table.

    Attributes
    ----------
    table
        its name, "" for the one that the formula's cell is in.
    sections
        of "#all", "#data", "#headers", "#totals", "#this row"; none means "#data".
    columns
        the first and the last column, none for all.
    """

    table: str
    sections: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def parse_structured(text: str) -> Structured:
    """What a reference with brackets says.

    Raises
    ------
    NotWorkedOut
        it isn't one.
    """
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        raise NotWorkedOut("unreadable")
    inside, sections, columns = whole[2].strip(), list[str](), list[str]()
    if inside.startswith("@"):
        sections.append("#this row")
        inside = inside[1:].strip()
    items = _ITEM.findall(inside) if inside.startswith("[") else [inside] if inside else []
    for item in items:
        if item.strip().lower() in _SECTIONS:
            sections.append(item.strip().lower())
        else:
            columns.append(_ESCAPED.sub(r"\1", item))
    return Structured(whole[1], tuple(sections), tuple(columns))


def area_of(reference: Structured, spot: Spot, cells: Cells) -> tuple[str, Area]:
    """The sheet and the area that a reference means for a formula at ``spot``.

    Raises
    ------
    NotWorkedOut
        no such table, column or part of it.
    """
    found = cells.table(reference.table) if reference.table else cells.table_at(spot)
    parts = (*(section.title() for section in reference.sections), *reference.columns)
    text = f"{reference.table}[{', '.join(parts)}]"
    if found is None:
        raise NotWorkedOut("no_table", text=text)
    sheet, info = found
    rows = [part for section in reference.sections or ("#data",) for part in _rows(section, info, spot)]
    if not rows:
        raise NotWorkedOut("no_part", text=text, table=info.name)
    columns = [_column(name, info) for name in reference.columns] or [info.area.first_column, info.area.last_column]
    return sheet, Area(min(rows), min(columns), max(rows), max(columns))


def _rows(section: str, info: TableInfo, spot: Spot) -> tuple[int, ...]:
    """The first and the last row of a part of a table; none where it has no such part."""
    area = info.area
    first, last = area.first_row + info.header_rows, area.last_row - info.totals_rows
    if section == "#all":
        return area.first_row, area.last_row
    if section == "#headers":
        return (area.first_row, first - 1) if info.header_rows else ()
    if section == "#totals":
        return (last + 1, area.last_row) if info.totals_rows else ()
    if section == "#this row":
        return (spot.row, spot.row) if first <= spot.row <= last else ()
    return first, last


def _column(name: str, info: TableInfo) -> int:
    wanted = name.lower()
    for i, column in enumerate(info.columns):
        if column.lower() == wanted:
            return info.area.first_column + i
    raise NotWorkedOut("no_column", table=info.name, column=name)
