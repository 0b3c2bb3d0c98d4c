"""What each field and each step says of every row: one `Reading` each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tieraddin.models.parts import FieldSpec
from tieraddin.models.schema import Model
from tieraddin.tables.coerce import Problem, coerce_field
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.headers import plain_header
from tieraddin.tables.values import Codes, Column, Floats, Mask, Table

KINDS: dict[str, Literal["number", "code", "flag", "date"]] = {
    "number": "number", "share": "number", "count": "number", "choice": "code", "text": "code", "flag": "flag",
    "date": "date",
}  # fmt: skip


class Cause(NamedTuple):
    """Why a row has no value: a sentence of the locale, and the field (or step) that it names."""

    key: str
    name: str = ""


@dataclass(slots=True, eq=False)
class Reading:
    """One field or step, for all n rows.

    Attributes
    ----------
    kind
        what ``values`` holds: number (float64), code (int32 index into ``names``), flag (bool), date (int64 days since
        1970-01-01).
    known
        bool, whether there is a value.
    cause
        int16 index into ``causes`` where there is none.
    word
        int8, index into ``words`` where a word stands in place of a number, else -1.
    """

    kind: Literal["number", "code", "flag", "date"]
    values: NDArray[Any]
    known: Mask
    cause: NDArray[np.int16]
    causes: list[Cause]
    names: list[str] = field(default_factory=list)
    word: NDArray[np.int8] | None = None
    words: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.known)

    @property
    def numbers(self) -> Floats:
        """The numbers, NaN where there is none."""
        there = self.known if self.word is None else self.known & (self.word < 0)
        return np.where(there, self.values, np.nan).astype(np.float64, copy=False)

    @property
    def has_word(self) -> Mask:
        """Where a word stands in place of a number."""
        return np.zeros(len(self), bool) if self.word is None else self.word >= 0

    @property
    def unreadable(self) -> Mask:
        """Where there is something, but no value of the field's kind: an error, or what can't be read."""
        empty = [cause.key in ("grading.blank", "grading.no_column") for cause in self.causes]
        filled = ~np.array([*empty, False], bool)[np.where(self.known, -1, self.cause)]
        return np.asarray(~self.known & filled)

    @property
    def days(self) -> Days:
        """The days of a date, `NO_DAY` where there is none."""
        return np.where(self.known, self.values, NO_DAY).astype(np.int64)

    def code_of(self, names: list[str]) -> Codes:
        """The code of each row in another list of ``names``; -1 where it has none there."""
        index = {name: i for i, name in enumerate(names)}
        return self.lookup(np.array([index.get(name, -1) for name in self.names], np.int32))

    def lookup(self, of_name: Codes) -> Codes:
        """For each row the entry of ``of_name`` at its code; -1 where the row has no value."""
        return np.where(self.known, np.append(of_name, -1)[np.where(self.known, self.values, -1)], -1).astype(np.int32)

    def take(self, rows: NDArray[np.intp]) -> Reading:
        """The reading of ``rows`` (positions), in that order."""
        word = None if self.word is None else self.word[rows]
        return replace(self, values=self.values[rows], known=self.known[rows], cause=self.cause[rows], word=word)


def all_known(kind: Literal["number", "code"], values: NDArray[Any], names: list[str] | None = None) -> Reading:
    """A reading with a value in every row."""
    n = len(values)
    return Reading(kind, values, np.ones(n, bool), np.zeros(n, np.int16), [], names or [])


def without(reading: Reading, rows: Mask, cause: Cause) -> None:
    """Take the values of ``rows`` away, for ``cause``."""
    rows = rows & reading.known
    if rows.any():
        reading.known = reading.known & ~rows
        reading.cause[rows] = len(reading.causes)
        reading.causes.append(cause)


def where_known(
    kind: Literal["number", "code"], values: NDArray[Any], inputs: list[Reading], names: list[str]
) -> Reading:
    """A reading that has a value where all ``inputs`` have one, and else the first one's cause."""
    result = all_known(kind, values, names)
    for reading in inputs:
        rows = result.known & ~reading.known
        if rows.any():
            result.known = result.known & ~rows
            result.cause[rows] = reading.cause[rows] + len(result.causes)
            result.causes = result.causes + reading.causes
    return result


def days_of(readings: Mapping[str, Reading], name: str) -> Days:
    """The days of a date field for each row, `NO_DAY` where there is none or no such field was read."""
    reading = readings.get(name)
    return np.full(len(next(iter(readings.values()))), NO_DAY) if reading is None else reading.days


def days_since(reading: Reading, today: int) -> Reading:
    """The days from each date to ``today`` (in days since 1970-01-01), as a number."""
    return where_known("number", today - reading.values.astype(np.float64), [reading], [])


@dataclass(slots=True, eq=False)
class Inputs:
    """The mapped columns of a table, read as the fields of a model.

    Attributes
    ----------
    n
        the number of rows.
    columns
        the cells as they are, by field; fields without a column are not in it.
    headers
        what the person calls those columns, by field.
    readings
        a reading for every field of the model.
    """

    n: int
    columns: dict[str, Column]
    headers: dict[str, str]
    readings: dict[str, Reading]

    @classmethod
    def of(cls, model: Model, table: Table, places: Mapping[str, tuple[int, float]]) -> Inputs:
        """Read ``table``; ``places``: field -> its column (from 0) and the scale of its bare numbers."""
        n = len(table)
        columns = {name: table.columns[place] for name, (place, _) in places.items()}
        headers = {
            name: table.headers[place].strip() if scale == 1 else plain_header(table.headers[place])
            for name, (place, scale) in places.items()
        }
        readings = {
            spec.name: read_field(spec, columns.get(spec.name), places.get(spec.name, (0, 1.0))[1], n)
            for spec in model.fields
        }
        return cls(n, columns, headers, readings)


_NONE = {"number": np.float64(np.nan), "code": np.int32(-1), "flag": np.bool_(False), "date": np.int64(NO_DAY)}
"""What stands where a field has no value."""
_CAUSES = ("grading.blank", "grading.blank", "grading.error", "grading.wrong")
"""By `Problem`, why a value is not known."""


def read_field(spec: FieldSpec, column: Column | None, scale: float, n: int) -> Reading:
    """The cells of one column as the field ``spec``; a field without a column is blank in every row.

    A number that is not looked for where it has no column (``absent`` = no) reads as a word that no test holds for.
    """
    if column is None:
        return _absent(spec, n)
    read = coerce_field(column, spec, scale)
    word = read.word if read.words else None
    causes = [Cause(why, spec.name) for why in _CAUSES]
    known = read.problem == Problem.OK
    return Reading(
        KINDS[spec.kind], read.values, known, read.problem.astype(np.int16), causes, read.names, word, read.words
    )


def _absent(spec: FieldSpec, n: int) -> Reading:
    """A field without a column."""
    if spec.absent == "no":
        reading = all_known("number", np.full(n, np.nan))
        reading.word, reading.words = np.zeros(n, np.int8), [""]
        return reading
    kind = KINDS[spec.kind]
    causes = [Cause("grading.no_column", spec.name)] * len(_CAUSES)
    names = list(spec.values) if spec.kind == "choice" else []
    word = np.full(n, -1, np.int8) if spec.words else None
    known, problem = (True, Problem.OK) if kind == "flag" else (False, Problem.BLANK)
    cause = np.full(n, problem, np.int16)
    return Reading(kind, np.full(n, _NONE[kind]), np.full(n, known), cause, causes, names, word, list(spec.words))
