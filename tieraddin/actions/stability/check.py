"""Whether a grade is worth anything: customers graded on two periods of their transactions, one after the other."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tieraddin.actions.rules import Rules
from tieraddin.actions.summarise import COLUMNS, read_transactions, summarise
from tieraddin.errors import TableRefused, UsageError
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.stability import Kept, Stability, compare
from tieraddin.language import language, listed, say
from tieraddin.models.schema import Model
from tieraddin.tables.coerce import as_texts, coerce
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.mapping import map_fields
from tieraddin.tables.values import Codes, Column, Floats, Table

MONEY = COLUMNS.index("monetary")


@dataclass(frozen=True, eq=False)
class Period:
    """Customers graded on the transactions of one period, both days included.

    Attributes
    ----------
    names
        the customers, as texts.
    codes
        int32, the grade of each as an index into the model's grades, -1 for none.
    value
        what each spent, net of returns.
    """

    first: dt.date
    last: dt.date
    transactions: int
    names: list[str]
    codes: Codes
    value: Floats

    def as_data(self) -> dict[str, Any]:
        """The period as JSON has it."""
        facts = {"first": self.first, "last": self.last, "transactions": self.transactions}
        return facts | {"customers": len(self.names), "value": float(self.value.sum())}


@dataclass(frozen=True, eq=False)
class StabilityCheck:
    """Two periods and what became of each grade."""

    rules: Rules
    before: Period
    after: Period
    found: Stability

    @cached_property
    def states(self) -> list[str]:
        """What the rows and columns of the matrix are called: the grades, "no grade", "not seen"."""
        return [*self.found.grades, "ungraded", "absent"]

    @cached_property
    def sentences(self) -> list[str]:
        """What the two gradings say."""
        found, model = self.found, self.rules.model
        said = []
        if found.both:
            stayed, expected = found.stayed / found.both, found.expected_stayed / found.both
            said.append(say("stability.stayed", count=found.both, share=stayed, expected=expected))
        else:
            said.append(say("stability.none_twice"))
        if model.ordered:
            said.append(_best_said(found, model))
        if not math.isnan(found.grade_correlation) and model.ordered:
            facts = {"grade": found.grade_correlation, "value": found.value_correlation}
            said.append(say("stability.correlation", None, **facts))
        later = float(np.maximum(self.after.value, 0.0).sum())
        if found.value_of_new and later:
            said.append(say("stability.new", share=found.value_of_new / later))
        return said

    def as_data(self) -> dict[str, Any]:
        """The check as JSON has it; the matrix by the grade of the first period, then by that of the second."""
        found, states = self.found, self.states
        matrix = {row: dict(zip(states, found.matrix[k].tolist(), strict=True)) for k, row in enumerate(states)}
        return {
            "model": self.rules.model.id,
            "periods": [self.before.as_data(), self.after.as_data()],
            "grades": found.grades,
            "matrix": matrix,
            "kept": [asdict(kept) | {"lift": kept.lift, "verdict": kept.verdict} for kept in found.kept],
            "graded_twice": found.both,
            "stayed": found.stayed,
            "expected_stayed": found.expected_stayed,
            "grade_correlation": found.grade_correlation,
            "value_correlation": found.value_correlation,
            "value_of_new": found.value_of_new,
            "said": self.sentences,
        }


def _best_said(found: Stability, model: Model) -> str:
    """Whether the best grade that anyone had says anything of the later value."""
    best = next((kept for kept in found.kept if kept.customers), None)
    if best is None or best.verdict == "unknown":
        return say("stability.unknown")
    return say(f"stability.verdict_{best.verdict}", None, **_facts(best, found, model))


def _facts(best: Kept, found: Stability, model: Model) -> dict[str, Any]:
    customers = sum(kept.customers for kept in found.kept)
    return {
        "grade": model.grade(best.grade).label[language()],
        "customers": best.customers / customers,
        "share": best.share,
        "expected": best.expected,
        "spread": 2 * best.deviation,
        "lift": best.lift,
    }


def stability(
    ids: Column,
    dates: Column,
    amounts: Column,
    rules: Rules,
    *,
    split: dt.date | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> StabilityCheck:
    """Grade the customers of two periods, each on its own transactions, and hold the grades against each other.

    Parameters
    ----------
    ids, dates, amounts
        one row a transaction; see `tieraddin.actions.summarise.summarise`.
    split
        the first day of the second period (default: the middle of the time that is looked at).
    first, last
        the time that is looked at, both days included (default: from the first transaction to the last).

    Raises
    ------
    UsageError
        days out of order, or a period without a transaction; a model that needs more than transactions tell.
    TableRefused
        no transaction has a date.
    """
    days = coerce(dates, "date").values
    there = days[days != NO_DAY]
    if not len(there):
        raise TableRefused("stability.no_dates")
    start = int(there.min()) if first is None else (first - EPOCH).days
    end = int(there.max()) if last is None else (last - EPOCH).days
    middle = start + (end - start + 1) // 2 if split is None else (split - EPOCH).days
    if not start < middle <= end:
        shown = {"first": _date(start), "split": _date(middle), "last": _date(end)}
        raise UsageError("stability.days_out_of_order", **shown)
    before, after = (
        _period(ids, dates, amounts, days, rules, low, high) for low, high in ((start, middle - 1), (middle, end))
    )
    return StabilityCheck(rules, before, after, _compared(rules.model, before, after))


def _date(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


def _period(
    ids: Column, dates: Column, amounts: Column, days: np.ndarray[Any, Any], rules: Rules, low: int, high: int
) -> Period:
    """The customers of the days ``low`` to ``high``, graded on the last of them."""
    rows = (days >= low) & (days <= high)
    columns, counts = summarise(ids.take(rows), dates.take(rows), amounts.take(rows), _date(high))
    if not counts["customers"]:
        raise UsageError("stability.empty_period", first=_date(low), last=_date(high))
    table = Table(list(COLUMNS), [Column.of(columns[name]) for name in COLUMNS], np.arange(counts["customers"]))
    given = {main.name: "monetary"} if (main := rules.model.main_field).unit == "CNY" else {}
    try:
        mapping = map_fields(table.headers, rules.fields, given)
    except TableRefused:
        mapping = {}
    if not mapping:
        needed = [field for field in rules.model.fields if field.required] or rules.model.fields
        fields = listed((field.label[language()] for field in needed), 8)
        raise UsageError("stability.needs_more", model=rules.model.id, fields=fields)
    codes = rules.apply(table, mapping).grading.codes
    names, texts = as_texts(table.columns[0])
    return Period(
        _date(low),
        _date(high),
        int(rows.sum()),
        [texts[k] for k in names.tolist()],
        codes,
        table.columns[MONEY].numbers,
    )


def _compared(model: Model, before: Period, after: Period) -> Stability:
    """The two periods customer by customer."""
    n = len(model.grades)
    place = {name: k for k, name in enumerate(dict.fromkeys([*before.names, *after.names]))}
    codes, values = [], []
    for period in (before, after):
        at = np.array([place[name] for name in period.names], np.int64)
        code, value = np.full(len(place), n + 1, np.int32), np.zeros(len(place))
        code[at] = np.where(period.codes >= 0, period.codes, n)
        value[at] = period.value
        codes.append(code)
        values.append(value)
    return compare(model.grade_ids, codes[0], codes[1], values[0], values[1])


def stability_file(
    path: Path,
    id: str,
    date: str,
    amount: str,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    split: dt.date | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> StabilityCheck:
    """See `stability`, for the transactions of a .xlsx, .xlsm or .csv; ``id``, ``date``, ``amount`` are headers."""
    ids, dates, amounts = read_transactions(path, [id, date, amount], sheet, table)
    return stability(ids, dates, amounts, rules, split=split, first=first, last=last)
