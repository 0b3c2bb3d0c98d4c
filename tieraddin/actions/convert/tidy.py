"""Cells as a template holds them: numbers as numbers, choices in one language; the unreadable stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tieraddin.language import Language, say
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.coerce import Problem, as_texts, coerce_field, with_blank_texts
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import Column, Kind, Mask
from tieraddin.workbooks.package.strings import MOST_CHARACTERS

_UNIX = 25_569
"""The serial of 1970-01-01."""
_FIRST_SERIAL = 61
"""1900-03-01: earlier dates are counted in two ways, or not at all; they are kept as texts."""


def tidied(column: Column, field: FieldSpec, scale: float, lang: Language) -> tuple[Column, Mask]:
    """A column as the template has it, and which of its cells can't be read as ``field``: these stay as they are."""
    column = with_blank_texts(column)
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
            _put_texts(out, out.kinds == Kind.NUMBER, *as_texts(column))  # which the template would show as days
        case "flag":
            texts = [say("templates.no", lang), say("templates.yes", lang)]
            _put_texts(out, known, read.values.astype(np.int32), texts)
        case "choice":
            texts = [choice.label[lang] for choice in field.values.values()]
            _put_texts(out, known, read.values, texts)
        case "text":
            _put_texts(out, known & (read.values >= 0), read.values, read.names)
    return out, wrong


def _put_numbers(column: Column, at: Mask, kind: int, numbers: np.ndarray) -> None:
    column.kinds[at], column.numbers[at], column.codes[at] = kind, numbers[at], -1


def _put_texts(column: Column, at: Mask, codes: np.ndarray, texts: list[str]) -> None:
    """Put texts into cells; those that stay keep theirs."""
    column.codes[at] = codes[at] + len(column.texts)
    column.kinds[at], column.numbers[at] = Kind.TEXT, np.nan
    column.texts = [*column.texts, *texts]


def too_long(column: Column) -> Mask:
    """Which cells hold a text longer than a cell may, in UTF-16 units, as spreadsheets count."""
    if _are_short(column.texts):
        return np.zeros(len(column), bool)
    return np.array([*(_units(text) > MOST_CHARACTERS for text in column.texts), False])[column.codes]


def _are_short(texts: Sequence[str]) -> bool:
    return max(map(len, texts), default=0) <= MOST_CHARACTERS // 2


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def written(column: Column) -> Column:
    """The cells as they can be written.

    A text too long is cut and says so, half a character is a question mark. A date before March 1900 is a text:
    spreadsheets count those in two ways or not at all.
    """
    early = (column.kinds == Kind.DATE) & (column.numbers < _FIRST_SERIAL)
    if early.any():
        cells = zip(column.cells(), early.tolist(), strict=True)
        column = Column.of(str(cell).removesuffix(" 00:00:00") if text else cell for cell, text in cells)
    if _are_short(column.texts) and _is_whole("".join(column.texts)):
        return column
    return Column(column.kinds, column.numbers, column.codes, list(map(_storable, column.texts)))


def _storable(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    if _units(whole) <= MOST_CHARACTERS:
        return whole
    note = say("convert.cut", count=len(whole))
    return whole[: (MOST_CHARACTERS - len(note)) // 2] + note


def _is_whole(text: str) -> bool:
    """Whether the text has no half of a character, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
