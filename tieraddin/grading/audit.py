"""Faults of records (P15): rows that are late, wrong or double, dates that can't be, words that no field has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.conditions import YES, truth
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.readings import Reading
from tieraddin.language import LANGUAGES, Phrase, language, say
from tieraddin.models.conditions import comparisons
from tieraddin.models.parts import FieldSpec, Text
from tieraddin.models.sections import AuditCheck
from tieraddin.tables.coerce import Problem, as_texts
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Column, Mask
from tieraddin.tables.words import alike

EARLIEST = dt.date(1990, 1, 1)
"""A date before this is taken for a slip of the pen."""
_UNREADABLE = (Problem.ERROR, Problem.WRONG)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row.

    Attributes
    ----------
    row
        the position of the row.
    field
        the field that shows it; "" where a condition of no field of the table does.
    reason
        a text, or a sentence to be said in the reader's language.
    twin
        the position of the earlier row that it doubles.
    """

    check: AuditCheck
    row: int
    field: str
    reason: str | Phrase
    twin: int | None = None


@dataclass(frozen=True, eq=False)
class Records:
    """The rows of a table to be looked through.

    Attributes
    ----------
    fields
        the fields that have a column, by name.
    columns, headers
        the cells of each, and what the person calls it.
    readings
        what every field, and every step that a condition reads, says of each row.
    """

    fields: Mapping[str, FieldSpec]
    columns: Mapping[str, Column]
    headers: Mapping[str, str]
    readings: Mapping[str, Reading]
    as_of: dt.date

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def unreadable(self, field: str) -> Mask:
        """Where a cell holds something that the field can't be read from."""
        reading = self.readings[field]
        return ~reading.known & np.isin(reading.cause, _UNREADABLE)


def faults_of(checks: Iterable[AuditCheck], records: Records) -> list[Fault]:
    """What the checks find, by row; fields without a column are not looked at."""
    found = [fault for check in checks for fault in _FINDERS[check.kind](check, records)]
    return sorted(found, key=lambda fault: fault.row)


def general_checks(checks: Sequence[AuditCheck], records: Records) -> list[AuditCheck]:
    """Checks without charge for all that ``checks`` don't look at: any model can be audited by them."""
    seen = {(check.kind, field) for check in checks for field in check.fields}

    def of(kind: str, fields: Iterable[str]) -> Iterator[AuditCheck]:
        left = [field for field in fields if (kind, field) not in seen]
        label = Text(**{lang: say(f"audit.general_{kind}", lang) for lang in LANGUAGES})
        if left:
            yield AuditCheck(id=f"general_{kind}", kind=kind, fields=left, label=label)  # type: ignore[arg-type, call-arg]

    kinds = {name: spec.kind for name, spec in records.fields.items()}
    doubles = any(check.kind == "duplicate" for check in checks)
    return [
        *of("unknown_code", (name for name, kind in kinds.items() if kind == "choice")),
        *of("impossible_date", (name for name, kind in kinds.items() if kind == "date")),
        *of("wrong", (name for name, kind in kinds.items() if kind not in ("choice", "date"))),
        *of("missing", (name for name, spec in records.fields.items() if spec.required)),
        *of("duplicate", ("customer",) if "customer" in kinds and not doubles else ()),
    ]


def _asked(check: AuditCheck, records: Records) -> Mask:
    """The rows that a check looks at."""
    return np.ones(len(records), bool) if check.when is None else truth(check.when, records.readings) == YES


def _there(check: AuditCheck, records: Records) -> list[str]:
    return [field for field in check.fields if field in records.columns]


def _marked(check: AuditCheck, records: Records) -> Iterator[Fault]:
    """Rows for which the condition of a check holds."""
    if check.when is None:
        return
    shown = next((test.field for test in comparisons(check.when) if test.field in records.columns), "")
    for row in _rows(_asked(check, records)):
        yield Fault(check, row, shown, check.label[language()])


def _late(check: AuditCheck, records: Records) -> Iterator[Fault]:
    """One fault a row, by its mark or else by its date."""
    marked = {fault.row: fault for fault in _marked(check, records)}
    today, earliest = (records.as_of - EPOCH).days, (EARLIEST - EPOCH).days
    for field in _there(check, records) if check.older_than is not None else ():
        days = records.readings[field].days
        for row in _rows((days >= earliest) & (days < today - (check.older_than or 0))):
            facts = {"date": _date(days, row), "days": today - int(days[row]), "limit": check.older_than}
            marked.setdefault(row, Fault(check, row, field, Phrase("audit.older", **facts)))
    yield from marked.values()


def _wrong(check: AuditCheck, records: Records) -> Iterator[Fault]:
    yield from _marked(check, records)
    for field in _there(check, records):
        for row in _rows(records.unreadable(field)):
            yield Fault(check, row, field, Phrase(f"audit.not_{records.fields[field].kind}"))


def _duplicate(check: AuditCheck, records: Records) -> Iterator[Fault]:
    fields = _there(check, records)
    if len(fields) < len(check.fields) or not len(records):
        return
    codes = np.stack([_alike_codes(records, field) for field in fields])
    rows = np.flatnonzero((codes >= 0).all(axis=0) & _asked(check, records))
    _, first, group = np.unique(codes[:, rows], axis=1, return_index=True, return_inverse=True)
    twin = rows[first[group]]
    for row, earlier in zip(rows[twin != rows].tolist(), twin[twin != rows].tolist(), strict=True):
        yield Fault(check, row, fields[0], Phrase("audit.same_as"), earlier)


def _alike_codes(records: Records, field: str) -> NDArray[np.int64]:
    """The same number for cells that are alike, -1 for blanks and errors; dates and numbers by what they say."""
    reading = records.readings[field]
    if reading.kind in ("date", "number"):
        same = np.unique(np.where(reading.known, reading.values, 0), return_inverse=True)[1]
        return np.where(reading.known, same, -1).astype(np.int64)
    codes, texts = as_texts(records.columns[field])
    index: dict[str, int] = {}
    numbers = [index.setdefault(name, len(index)) if (name := alike(text)) else -1 for text in texts]
    return np.array([*numbers, -1], np.int64)[codes]


def _impossible_date(check: AuditCheck, records: Records) -> Iterator[Fault]:
    asked, today, earliest = _asked(check, records), (records.as_of - EPOCH).days, (EARLIEST - EPOCH).days
    before = ""
    for field in _there(check, records):
        days = records.readings[field].days
        dated = asked & (days != NO_DAY)
        for row in _rows(asked & records.unreadable(field)):
            yield Fault(check, row, field, Phrase("audit.not_date"))
        for row in _rows(dated & (days < earliest)):
            yield Fault(check, row, field, Phrase("audit.too_early", date=_date(days, row), year=EARLIEST.year))
        ahead = dated & (days > today) if not records.fields[field].ahead else np.zeros(len(days), bool)
        for row in _rows(ahead):
            yield Fault(check, row, field, Phrase("audit.in_future", date=_date(days, row), today=records.as_of))
        if check.in_order and before:
            earlier = records.readings[before].days
            wrong = dated & ~ahead & (days >= earliest) & (earlier != NO_DAY) & (days < earlier)
            for row in _rows(wrong):
                facts = {"date": _date(days, row), "header": records.headers[before], "earlier": _date(earlier, row)}
                yield Fault(check, row, field, Phrase("audit.out_of_order", **facts))
        before = field


def _unknown_code(check: AuditCheck, records: Records) -> Iterator[Fault]:
    asked = _asked(check, records)
    for field in _there(check, records):
        words = records.fields[field].values.values()
        known = say("audit.or").join(word.label[language()] for word in words)
        for row in _rows(asked & records.unreadable(field)):
            yield Fault(check, row, field, Phrase("audit.not_choice", known=known))


def _missing(check: AuditCheck, records: Records) -> Iterator[Fault]:
    asked = _asked(check, records)
    for field in _there(check, records):
        reading = records.readings[field]
        for row in _rows(asked & ~reading.known & (reading.cause == Problem.BLANK)):
            yield Fault(check, row, field, Phrase("audit.is_blank"))


def _rows(mask: Mask) -> list[int]:
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def _date(days: Days, row: int) -> dt.date:
    return EPOCH + dt.timedelta(days=int(days[row]))


_FINDERS: dict[str, Callable[[AuditCheck, Records], Iterator[Fault]]] = {
    "late": _late, "wrong": _wrong, "duplicate": _duplicate, "impossible_date": _impossible_date,
    "unknown_code": _unknown_code, "missing": _missing,
}  # fmt: skip
