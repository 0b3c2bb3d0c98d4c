"""The rows of a source: those that the template takes, those that it can't and why, the columns without a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from tieraddin.actions.convert.beside import Sheet
from tieraddin.actions.convert.fields import IDENTITY
from tieraddin.actions.convert.place import Placed
from tieraddin.actions.convert.spread import spread
from tieraddin.actions.convert.tidy import tidied, too_long, written
from tieraddin.actions.locate import read_rows
from tieraddin.language import Language, listed, say
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.headers import distinct
from tieraddin.tables.layout import column_letters
from tieraddin.tables.values import Column, Kind, Mask
from tieraddin.templates.build import FIRST_ROW
from tieraddin.workbooks.package.strings import MOST_CHARACTERS
from tieraddin.workbooks.port import Readable, Workbook


@dataclass(frozen=True)
class Taken:
    """What is taken from a table of a source.

    Attributes
    ----------
    placed
        the table.
    columns
        the template's columns by key, for the rows that it takes.
    rejected
        headers and columns of the rows that can't be used: row of the source, reason, then all that the row holds.
    unmapped
        headers and columns of what has no place: row of the result, then the cells.
    notes
        what a person should know of how the cells were taken.
    """

    placed: Placed
    rows_in: int
    columns: Mapping[str, Column]
    count: int
    rejected: Sheet
    unmapped: Sheet
    notes: Sequence[str] = ()

    @property
    def rejects(self) -> int:
        """How many rows can't be used."""
        return len(self.rejected[1][0]) if self.rejected[1] else 0


def take(book: Readable, placed: Placed, fields: Sequence[FieldSpec], lang: Language) -> Taken:
    """Sort out the customers of a table.

    A row can't be used where nothing says who the customer is, where a cell that the template must have can't be read,
    where a formula has no result, or where a text is longer than a cell may be.

    There is at least one row.
    """
    rows = placed.found.rows
    area = placed.found.area
    source = read_rows(book, placed.sheet, placed.found, range(area.first_column, area.last_column + 1))
    filled = spread(source, placed.found, book.merged(placed.sheet))
    source = [filled.get(k, column) for k, column in enumerate(source)]
    headers = _headers(placed)
    notes = [say("convert.spread", columns=listed(headers[k] for k in sorted(filled)))] if filled else []
    reasons: dict[int, str] = {}
    columns: dict[str, Column] = {}
    uncalculated = _uncalculated(book, placed)
    for field in fields:
        if (mapped := placed.mapping.get(field.name)) is None:
            continue
        raw = source[mapped.column]
        columns[field.name], wrong = tidied(raw, field, mapped.scale, lang)
        if field.required:
            _note(reasons, wrong, "convert.why_unreadable", raw, mapped.header, field)
        elif count := np.count_nonzero(wrong):
            kind = say(f"convert.kind_{field.kind}")
            notes.append(say("convert.unread", header=mapped.header, count=count, kind=kind))
        _note(reasons, too_long(raw), "convert.why_too_long", raw, mapped.header, field)
        if mapped.column in uncalculated:
            hollow = (raw.kinds == Kind.BLANK) & np.isin(rows, uncalculated[mapped.column])
            _note(reasons, hollow, "convert.why_no_result", raw, mapped.header)
    named = [columns[key].kinds == Kind.TEXT for key in IDENTITY if key in columns]
    if named:
        nobody = np.flatnonzero(~np.logical_or.reduce(named)).tolist()
        reasons = dict.fromkeys(nobody, say("convert.why_no_customer", lang)) | reasons
    kept = np.ones(len(rows), bool)
    kept[list(reasons)] = False
    return Taken(
        placed=placed,
        rows_in=len(rows),
        columns={key: column.take(kept) for key, column in columns.items()} if reasons else columns,
        count=int(kept.sum()),
        rejected=_rejected(placed, headers, source, reasons, lang),
        unmapped=_unmapped(placed, headers, source, kept, lang),
        notes=notes,
    )


def _note(
    reasons: dict[int, str], at: Mask, why: str, raw: Column, header: str, field: FieldSpec | None = None
) -> None:
    """Give the rows at ``at`` a reason, where they have none yet."""
    for i in np.flatnonzero(at).tolist():
        if i not in reasons:
            kind = say(f"convert.kind_{field.kind}") if field else ""
            reasons[i] = say(why, header=header, cell=str(raw[i])[:50], kind=kind, limit=MOST_CHARACTERS)


def _uncalculated(book: Readable, placed: Placed) -> dict[int, list[int]]:
    """By column of the table, the rows in which a formula has no result; only some hosts tell."""
    if not hasattr(book, "formulas"):
        return {}
    workbook = cast("Workbook", book)
    found: dict[int, list[int]] = {}
    for cell in workbook.formulas(placed.sheet):
        if not cell.has_result:
            found.setdefault(cell.column - placed.found.area.first_column, []).append(cell.row)
    return found


def _rejected(
    placed: Placed, names: Sequence[str], source: Sequence[Column], reasons: Mapping[int, str], lang: Language
) -> Sheet:
    headers = [say("convert.source_row", lang), say("convert.reason", lang), *names]
    if not reasons:
        return headers, []
    at = sorted(reasons)
    return headers, [
        placed.found.rows[at].tolist(),
        [reasons[i] for i in at],
        *(written(column.take(np.array(at))) for column in source),
    ]


def _unmapped(placed: Placed, names: Sequence[str], source: Sequence[Column], kept: Mask, lang: Language) -> Sheet:
    spots = [k for k in _free(placed, len(source)) if (source[k].kinds[kept] != Kind.BLANK).any()]
    if not spots:
        return [], []
    here = range(FIRST_ROW, FIRST_ROW + int(kept.sum()))
    headers = [say("convert.result_row", lang), *(names[k] for k in spots)]
    return headers, [here, *(written(source[k].take(kept)) for k in spots)]


def _free(placed: Placed, count: int) -> Iterator[int]:
    taken = {mapped.column for mapped in placed.mapping.values()}
    return (k for k in range(count) if k not in taken)


def _headers(placed: Placed) -> list[str]:
    """The headers, told apart; a column without one is called by its letters."""
    first = placed.found.first_column
    return [header or column_letters(first + k) for k, header in enumerate(distinct(placed.found.headers))]
