"""Cells as a template holds them: numbers as numbers, choices in one language; the unreadable stays as it is."""

from __future__ import annotations

import numpy as np

from tieraddin.language import Language, say
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.coerce import Problem, as_texts, coerce_field, with_blank_texts
from tieraddin.tables.values import Column, Kind, Mask
from tieraddin.workbooks.package.strings import MOST_CHARACTERS, are_short, units

_UNIX = 25_569
"""The serial of 1970-01-01."""
_FIRST_SERIAL = 61
"""1900-03-01: earlier dates are counted in two ways, or not at all; they are kept as texts."""


def tidied(column: Column, field: FieldSpec, scale: float, lang: Language) -> tuple[Column, Mask]:
    """A column as the template has it, and which of its cells can't be read as ``field``: these stay as they are."""
    column = with_blank_texts(column)
    read = coerce_field(column, field, scale)
    wrong = read.problem >= Problem.ERROR
    known = (read.problem == Problem.OK) & (column.kinds != Kind.BLANK)
    match field.kind:
        case "number" | "share" | "count":
            return _with_numbers(column, known & ~np.isnan(read.values), Kind.NUMBER, read.values), wrong
        case "date":
            known &= read.values >= _FIRST_SERIAL - _UNIX
            serials = np.where(column.kinds == Kind.DATE, column.numbers, np.where(known, read.values, 0) + _UNIX)
            out = _with_numbers(column, known, Kind.DATE, serials)
            plain = out.kinds == Kind.NUMBER  # which the template would show as days
            return _with_texts(out, plain, *as_texts(column)) if plain.any() else out, wrong
        case "flag":
            codes, texts = read.values.astype(np.int32), [say("templates.no", lang), say("templates.yes", lang)]
        case "choice":
            codes, texts = read.values, [choice.label[lang] for choice in field.values.values()]
        case "text":
            codes, texts = read.values, read.names
    return _with_texts(column, known & (codes >= 0), codes, texts), wrong


def _with_numbers(column: Column, at: Mask, kind: int, numbers: np.ndarray) -> Column:
    """``column`` with other numbers at ``at``."""
    codes = np.where(at, -1, column.codes)
    texts = column.texts if codes.max(initial=-1) >= 0 else []
    return Column(np.where(at, np.uint8(kind), column.kinds), np.where(at, numbers, column.numbers), codes, texts)


def _with_texts(column: Column, at: Mask, codes: np.ndarray, texts: list[str]) -> Column:
    """``column`` with other texts at ``at``; the cells that stay keep theirs."""
    kept = np.where(at, -1, column.codes)
    before = column.texts if kept.max(initial=-1) >= 0 else ()
    return Column(
        np.where(at, np.uint8(Kind.TEXT), column.kinds),
        np.where(at, np.nan, column.numbers),
        np.where(at, codes + len(before), kept),
        [*before, *texts],
    )


def too_long(column: Column) -> Mask:
    """Which cells hold a text longer than a cell may, in UTF-16 units, as spreadsheets count."""
    if are_short(column.texts):
        return np.zeros(len(column), bool)
    return np.array([*(units(text) > MOST_CHARACTERS for text in column.texts), False])[column.codes]


def written(column: Column) -> Column:
    """The cells as they can be written.

    A text too long is cut and says so, half a character is a question mark. A date before March 1900 is a text:
    spreadsheets count those in two ways or not at all.
    """
    early = (column.kinds == Kind.DATE) & (column.numbers < _FIRST_SERIAL)
    if early.any():
        cells = zip(column.cells(), early.tolist(), strict=True)
        column = Column.of(str(cell).removesuffix(" 00:00:00") if text else cell for cell, text in cells)
    if are_short(column.texts) and _is_whole("".join(column.texts)):
        return column
    return Column(column.kinds, column.numbers, column.codes, list(map(_storable, column.texts)))


def _storable(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    if units(whole) <= MOST_CHARACTERS:
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
