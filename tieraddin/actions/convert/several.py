"""The tables of a workbook that are converted, one below the other where they are several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from tieraddin.actions.convert.beside import AFTER_REASON, Sheet, below_each_other, cells_of, with_column
from tieraddin.actions.convert.place import Placed
from tieraddin.actions.convert.rows import Taken, take
from tieraddin.actions.doubles import doubles
from tieraddin.errors import TableRefused
from tieraddin.language import Language, say
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.values import Column
from tieraddin.templates.variant import ORIGIN
from tieraddin.workbooks.port import Readable


def take_all(book: Readable, placed: Sequence[Placed], fields: Sequence[FieldSpec], lang: Language) -> list[Taken]:
    """What is taken from each of the tables; one without rows is none.

    Raises
    ------
    TableRefused
        tables without rows, or of which no row can be used.
    """
    full = [one for one in placed if len(one.found.rows)]
    if not full:
        raise TableRefused("convert.no_rows", sheet=placed[0].sheet, table=str(placed[0].found.area))
    taken = [take(book, one, fields, lang) for one in full]
    if not any(part.count for part in taken):
        row, reason, *_ = (column[0] for column in taken[0].rejected[1])
        raise TableRefused("convert.none_usable", sheet=full[0].sheet, row=row, reason=reason)
    return taken


def joined(parts: Sequence[Taken], lang: Language) -> Taken:
    """The rows of all tables, with the sheet that each came from as a column; headers of one text are one column."""
    sheets = [part.placed.sheet for part in parts]
    counts = [part.count for part in parts]
    columns = {
        key: Column.joined([part.columns.get(key) or Column.blank(part.count) for part in parts])
        for key in dict.fromkeys(key for part in parts for key in part.columns)
    }
    starts = np.cumsum([0, *counts[:-1]]).tolist()
    moved = [_moved(part.unmapped, start) for part, start in zip(parts, starts, strict=True)]
    header = say("convert.column_sheet", lang)
    named = [with_column(part.rejected, AFTER_REASON, header, part.placed.sheet) for part in parts]
    return Taken(
        placed=parts[0].placed,
        rows_in=sum(part.rows_in for part in parts),
        columns=columns | {ORIGIN: Column.of(np.repeat(sheets, counts).tolist())},
        count=sum(counts),
        rejected=below_each_other(named),
        unmapped=below_each_other(moved),
    )


def in_several(parts: Sequence[Taken], whole: Taken) -> int:
    """How many customers of ``whole`` may be in more than one of its ``parts``."""
    of = np.repeat(np.arange(len(parts)), [part.count for part in parts])
    return sum(len(np.unique(of[group.rows])) > 1 for group in doubles(whole.columns))


def _moved(sheet: Sheet, start: int) -> Sheet:
    """Columns without a place, whose first says in which row of the result they are."""
    headers, columns = sheet
    if not columns:
        return sheet
    rows = cast("Sequence[int]", cells_of(columns[0]))
    return headers, [[row + start for row in rows], *columns[1:]]
