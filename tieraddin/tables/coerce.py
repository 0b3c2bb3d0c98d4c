"""Cells become what a field wants: the one place where numbers, dates, flags and choices are read, for all hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.dates import NO_DAY, days_of_numbers, days_of_serials, read_date
from tieraddin.tables.numerals import Written, read_number
from tieraddin.tables.values import MOST_EXACT, Codes, Column, Floats, Kind, from_serial, written_number
from tieraddin.tables.words import FieldKind, FieldLike, folded, names_of

Names = Mapping[str, Iterable[str]]

YES = frozenset({"true", "yes", "y", "t", "1", "是", "有", "对", "真", "√", "✓", "✔", "☑", "✅"})
NO = frozenset({"false", "no", "n", "f", "0", "否", "不是", "无", "没有", "错", "假", "×", "✗", "✘", "❌"})
PERCENT_ABOVE = 10.0
"""A bare share above this is percent: 75 is 75 %, but 1.2 is 120 % (rule of `loss-ratio`)."""
WHOLE = 1e-9
"""How far a count may be from a whole number."""
LARGEST = 1e300
"""Numbers beyond it aren't read: a sheet full of them would have no total."""


class Problem:
    """Why a cell gives no value; from `ERROR` on it holds something that is none."""

    OK: Final = 0
    BLANK: Final = 1
    ERROR: Final = 2
    WRONG: Final = 3


@dataclass(slots=True, eq=False)
class Coerced:
    """The cells of one column, read as one kind of field; all arrays have one length n.

    Attributes
    ----------
    values
        number, share, count: float64, NaN where there is none. flag: bool, False where there is none. date: int64
        days since 1970-01-01, `NO_DAY` where there is none. choice, text: int32 index into ``names``, -1 where there
        is none.
    problem
        uint8, a `Problem` for each cell. A blank flag is no, and OK.
    word
        int8, index into ``words`` where a word stands in place of a number (its value is NaN, its problem OK), else -1.
    names
        the choices (in the order of the field) or the distinct texts.
    words
        the words that the field allows.
    """

    values: NDArray[Any]
    problem: NDArray[np.uint8]
    word: NDArray[np.int8]
    names: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def coerce(
    column: Column, kind: FieldKind, *, values: Names | None = None, words: Names | None = None, scale: float = 1.0
) -> Coerced:
    """Read the cells of ``column`` as ``kind``.

    Parameters
    ----------
    values
        for choices: name -> the other ways to write it.
    words
        for numbers, shares, counts and dates: word that may stand in place of the number -> the other ways to write it.
    scale
        for numbers and counts: what a bare number is multiplied by (10,000 under a header in 万元). A number that tells
        its own unit (``1.2万``, ``1200元``) or is a percentage is taken as it stands.
    """
    column = with_blank_texts(column)
    n = len(column)
    known = list(words or {})
    out = Coerced(np.empty(0), _cells_without_value(column), np.full(n, -1, np.int8), words=known)
    match kind:
        case "number" | "share" | "count":
            out.values = _numbers(column, kind, scale)
            found = ~np.isnan(out.values)
        case "date":
            out.values = _dates(column)
            found = out.values != NO_DAY
        case "flag":
            out.values, found = _flags(column)
            out.problem[out.problem == Problem.BLANK] = Problem.OK
        case "choice":
            out.names = list(values or {})
            out.values = _choices(column, values or {})
            found = out.values >= 0
        case "text":
            out.values, out.names = as_texts(column)
            found = out.values >= 0
    if known:
        out.word = _choices(column, words or {}).astype(np.int8)
        found |= out.word >= 0
        out.values[out.word >= 0] = NO_DAY if kind == "date" else np.nan
    out.problem[(out.problem == Problem.OK) & ~found & (column.kinds != Kind.BLANK)] = Problem.WRONG
    return out


def coerce_field(column: Column, spec: FieldLike, scale: float = 1.0) -> Coerced:
    """Read the cells of ``column`` as the field ``spec`` of a model wants them; see `coerce`."""
    return coerce(column, spec.kind, values=names_of(spec.values), words=names_of(spec.words), scale=scale)


def as_texts(column: Column) -> tuple[Codes, list[str]]:
    """Each cell as text: int32 index into the distinct texts, -1 for blanks and errors; 1001.0 is "1001"."""
    texts = list(map(str.strip, column.texts))
    codes = np.where(column.kinds == Kind.TEXT, column.codes, -1)
    for kind, show in _SHOWN.items():
        if len(at := np.flatnonzero(column.kinds == kind)):
            distinct, back = np.unique(column.numbers[at], return_inverse=True)
            codes[at] = back + len(texts)
            texts += show(distinct)
    if len(set(texts)) < len(texts):
        places = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        codes = np.array([*map(places.__getitem__, texts), -1], np.int32)[codes]
        texts = list(places)
    return codes, texts


def _show_numbers(numbers: Floats) -> list[str]:
    if (np.abs(numbers) < MOST_EXACT).all() and (numbers == np.rint(numbers)).all():
        return list(map(repr, numbers.astype(np.int64).tolist()))
    return list(map(written_number, numbers.tolist()))


def _show_dates(serials: Floats) -> list[str]:
    return [from_serial(serial).isoformat(" ").removesuffix(" 00:00:00") for serial in serials.tolist()]


_SHOWN: dict[int, Callable[[Floats], list[str]]] = {
    Kind.NUMBER: _show_numbers,
    Kind.BOOLEAN: lambda flags: ["TRUE" if flag else "FALSE" for flag in flags.tolist()],
    Kind.DATE: _show_dates,
}


def with_blank_texts(column: Column) -> Column:
    """``column`` with its empty texts made blank."""
    if all(map(str.strip, column.texts)):
        return column
    blank = np.array([not text.strip() for text in column.texts])
    kinds, codes = column.kinds.copy(), column.codes.copy()
    empty = (kinds == Kind.TEXT) & blank[codes]
    kinds[empty], codes[empty] = Kind.BLANK, -1
    return Column(kinds, column.numbers, codes, column.texts)


_WITHOUT_VALUE = np.zeros(6, np.uint8)
"""By `Kind`, the problem that a cell has whatever it is read as."""
_WITHOUT_VALUE[[Kind.BLANK, Kind.ERROR]] = Problem.BLANK, Problem.ERROR


def _cells_without_value(column: Column) -> NDArray[np.uint8]:
    return _WITHOUT_VALUE[column.kinds]


def _numbers(column: Column, kind: FieldKind, scale: float) -> NDArray[np.float64]:
    values = np.where(column.kinds == Kind.NUMBER, column.numbers, np.nan)
    at, pairs = column.read_texts(read_number, np.float64)
    pairs = pairs.reshape(-1, 2)
    written = np.zeros(len(column), np.uint8)
    values[at], written[at] = pairs[:, 0], pairs[:, 1]
    bare = written == Written.BARE
    if kind == "share":
        values[bare & (np.abs(values) > PERCENT_ABOVE)] /= 100
    elif scale != 1:
        values[bare] *= scale
    values[np.abs(values) > LARGEST] = np.nan
    if kind == "count":
        values[(written == Written.PERCENT) | (values < 0)] = np.nan
        whole = np.rint(values)
        values = np.where(np.abs(values - whole) <= WHOLE, whole, np.nan)
    return values


def _dates(column: Column) -> NDArray[np.int64]:
    days = np.full(len(column), NO_DAY, np.int64)
    for kind, read in ((Kind.DATE, days_of_serials), (Kind.NUMBER, days_of_numbers)):
        if len(at := np.flatnonzero(column.kinds == kind)):
            days[at] = read(column.numbers[at])
    at, read_days = column.read_texts(read_date, np.int64)
    days[at] = read_days
    return days


def _flags(column: Column) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    numeric = (column.kinds == Kind.BOOLEAN) | (column.kinds == Kind.NUMBER)
    yes = numeric & (column.numbers == 1)
    known = yes | (numeric & (column.numbers == 0))
    at, read = column.read_texts(_read_flag, np.int8)
    yes[at], known[at] = read == 1, read >= 0
    return yes, known


def _read_flag(text: str) -> int:
    word = folded(text)
    return 1 if word in YES else 0 if word in NO else -1


def _choices(column: Column, values: Names) -> Codes:
    index: dict[str, int] = {}
    for i, (name, ways) in enumerate(values.items()):
        for way in (name, *ways):
            index.setdefault(folded(way), i)
    codes, texts = as_texts(column)
    read = np.array([*(index.get(folded(text), -1) for text in texts), -1], np.int32)
    return read[codes]
