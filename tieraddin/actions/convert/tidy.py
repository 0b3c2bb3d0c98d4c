"""Cells as a template holds them: numbers as numbers, choices in one language; the unreadable stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from tieraddin.language import Language, say
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.coerce import Problem, coerce_field
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import Cell, CellError, Column, Kind, Mask, to_serial
from tieraddin.workbooks.package.strings import MOST_CHARACTERS

_UNIX = 25_569
"""The serial of 1970-01-01."""
_FIRST_SERIAL = 61
"""1900-03-01: earlier dates are counted in two ways, or not at all; they are kept as texts."""


def tidied(column: Column, field: FieldSpec, scale: float, lang: Language) -> tuple[Column, Mask]:
    """A column as the template has it, and which of its cells can't be read as ``field``: these stay as they are."""
    read = coerce_field(column, field, scale)
    wrong = (read.problem == Problem.WRONG) | (read.problem == Problem.ERROR)
    known = (read.problem == Problem.OK) & (column.kinds != Kind.BLANK)
    texts: list[str] = []
    out = Column(column.kinds.copy(), column.numbers.copy(), column.codes.copy(), column.texts)
    match field.kind:
        case "number" | "share" | "count":
            known &= ~np.isnan(read.values)
            _put_numbers(out, known, Kind.NUMBER, read.values)
        case "date":
            early = read.values < _FIRST_SERIAL - _UNIX
            known &= (read.values != NO_DAY) & ~early
            serials = np.where(known, read.values, 0) + _UNIX
            _put_numbers(out, known, Kind.DATE, np.where(column.kinds == Kind.DATE, column.numbers, serials))
        case "flag":
            texts = [say("templates.no", lang), say("templates.yes", lang)]
            _put_texts(out, known, read.values.astype(np.int32), texts)
        case "choice":
            texts = [choice.label[lang] for choice in field.values.values()]
            _put_texts(out, known, read.values, texts)
        case "text":
            _put_texts(out, known & (read.values >= 0), read.values, read.names)
    return out, wrong


def _put_numbers(column: Column, at: Mask, kind: Kind, numbers: np.ndarray) -> None:
    column.kinds[at], column.numbers[at], column.codes[at] = kind, numbers[at], -1


def _put_texts(column: Column, at: Mask, codes: np.ndarray, texts: list[str]) -> None:
    """Put texts into cells; those that stay keep theirs."""
    column.codes[at] = codes[at] + len(column.texts)
    column.kinds[at], column.numbers[at] = Kind.TEXT, np.nan
    column.texts = [*column.texts, *texts]


def too_long(column: Column) -> Mask:
    """Which cells hold a text longer than a cell may, in UTF-16 units, as spreadsheets count."""
    if max(map(len, column.texts), default=0) <= MOST_CHARACTERS // 2:
        return np.zeros(len(column), bool)
    units = [len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in column.texts]
    return np.array([*(count > MOST_CHARACTERS for count in units), False])[column.codes]


def written(column: Column) -> list[Cell]:
    """The cells as they can be written.

    A text too long is cut and says so, a date before March 1900 is a text, half a character a question mark.
    """
    cells = column.cells()
    for i in np.flatnonzero(too_long(column)).tolist():
        text = str(cells[i])
        note = say("convert.cut", count=len(text))
        cells[i] = text[: (MOST_CHARACTERS - len(note)) // 2] + note
    if ((column.kinds == Kind.DATE) & (column.numbers < _FIRST_SERIAL)).any():
        cells = early_as_text(cells)
    return cells if _is_whole("".join(column.texts)) else [_made_whole(cell) for cell in cells]


def early_as_text(cells: Sequence[Cell]) -> list[Cell]:
    """``cells`` with the dates before March 1900, which spreadsheets count in two ways or not at all, as texts."""
    return [
        str(cell).removesuffix(" 00:00:00") if isinstance(cell, dt.date) and to_serial(cell) < _FIRST_SERIAL else cell
        for cell in cells
    ]


def _is_whole(text: str) -> bool:
    """Whether the text has no half of a character, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _made_whole(cell: Cell) -> Cell:
    if isinstance(cell, str) and not isinstance(cell, CellError):
        return cell.encode("utf-8", "replace").decode()
    return cell
