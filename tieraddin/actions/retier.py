"""Re-tier a sheet: grades, reasons, next steps and follow-up dates into columns of the person's own table."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tieraddin.actions.customers import customers_at, notes_on, taken_for_no
from tieraddin.actions.locate import Located, locate, read_table
from tieraddin.actions.memory import Memory
from tieraddin.actions.rules import Result, Rules, shared_field
from tieraddin.errors import TableRefused, UsageError
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.explain import Explainer
from tieraddin.grading.movement import current_codes
from tieraddin.grading.readings import Reading, read_field
from tieraddin.language import LANGUAGES, Language, language, listed, say
from tieraddin.tables.detect import left_out_said
from tieraddin.tables.layout import Area
from tieraddin.tables.mapping import How, Mapped
from tieraddin.tables.values import Table
from tieraddin.workbooks.port import Workbook, Written

RESULTS = ("grade", "score", "reason", "next_step", "next_contact")
MORE = ("since", "reviewed", "handling")
"""Results that a re-tier writes where it is asked for them, or an earlier run has written them."""
CARRIED = {"grade": "current_grade", "since": "grade_since", "reviewed": "reviewed_on"}
"""The results from which the next run knows how a grade stood, and the field that each is read as."""


@dataclass(slots=True)
class Retier:
    """A re-tier worked out, nothing written yet.

    Attributes
    ----------
    before
        the grade of each row before the run: a grade's id where it is one of the model's, else the text; None where
        there is none. None in all where the table holds no grades yet.
    keys
        which results become columns.
    carried
        what the last run wrote, as the fields of `CARRIED`.
    instead
        what an action of its own writes in place of a result, by its key.
    rows
        the sheet row of each customer.
    """

    book: Workbook
    memory: Memory
    located: Located
    result: Result
    before: list[str | None] | None
    keys: list[str]
    lang: Language
    carried: Mapping[str, Reading]
    instead: dict[str, Callable[[int], Written]] = field(default_factory=dict)
    explain: Explainer = field(init=False)
    rows: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.explain = Explainer(self.result.grading, self.lang)
        self.rows = self.located.found.rows.tolist()

    @property
    def area(self) -> Area:
        """Where the customers are."""
        return self.located.found.area

    @property
    def as_of(self) -> dt.date:
        """The day of the run."""
        return self.result.rules.as_of

    def previous(self, key: str) -> Callable[[int], dt.date | None]:
        """What was known before of each row's date: "since", or "reviewed"."""
        reading = self.carried.get(key) or self.result.readings.get(CARRIED[key])
        if reading is None:
            return lambda i: None
        return lambda i: EPOCH + dt.timedelta(days=int(reading.values[i])) if reading.known[i] else None

    def since(self) -> Callable[[int], dt.date | None]:
        """From when each row has its grade."""
        grades, moved, before = self.result.grading.grades, set(self.moved()), self.previous("since")
        changed = moved.__contains__ if self.before is not None else lambda i: True
        return lambda i: None if grades[i] is None else self.as_of if changed(i) else before(i)

    def reviewed(self) -> Callable[[int], dt.date | None]:
        """When each row was last graded."""
        grades, before = self.result.grading.grades, self.previous("reviewed")
        return lambda i: before(i) if grades[i] is None else self.as_of

    def ungraded(self) -> list[dict[str, Any]]:
        """The rows without a grade, with the reason."""
        at = np.flatnonzero(self.result.grading.codes < 0).tolist()
        return [{"row": self.rows[i], "reason": self.explain.reason(i)} for i in at]

    def moved(self) -> list[int]:
        """The positions whose grade is another than before."""
        if self.before is None:
            return []
        return [
            i for i, (old, new) in enumerate(zip(self.before, self.result.grading.grades, strict=True)) if old != new
        ]

    def moves(self) -> list[dict[str, Any]]:
        """How many went from which grade to which, most first."""
        grades, before = self.result.grading.grades, self.before or []
        pairs = Counter((before[i], grades[i]) for i in self.moved())
        return [{"from": old, "to": new, "count": count} for (old, new), count in pairs.most_common()]

    def customers(self, positions: Sequence[int]) -> list[str]:
        """What rows are called, for people."""
        return customers_at(self.book, self.located, positions)

    def notes(self) -> list[str]:
        """What a person should know of how the table was read."""
        return [*notes_on(self.located), *taken_for_no(self.result.rules.model, self.located)]

    def summary(self) -> dict[str, Any]:
        """What the run comes to, as JSON has it."""
        grading = self.result.grading
        ungraded = self.ungraded()
        return {
            "model": grading.model.id,
            "sheet": self.located.sheet,
            "table": str(self.area),
            "rows": len(grading),
            "graded": len(grading) - len(ungraded),
            "ungraded": ungraded,
            "left_out": [{"row": int(out.row), "reason": str(out.why)} for out in self.located.found.left_out],
            "counts": grading.counts(),
            "moves": self.moves(),
            "left_out_said": left_out_said(self.located.found),
            "mapping": {name: mapped.header for name, mapped in self.located.mapping.items()},
            "notes": self.notes(),
        }


def result_keys(columns: Sequence[str] | None) -> list[str]:
    """The results that ``columns`` names, by key or header in either language; all where None."""
    if columns is None:
        return list(RESULTS)
    known = {say(f"actions.column_{key}", lang).casefold(): key for key in (*RESULTS, *MORE) for lang in LANGUAGES}
    known |= {key: key for key in (*RESULTS, *MORE)} | {
        "tier": "grade",
        "next_follow_up": "next_contact",
        "follow_up": "next_contact",
    }
    keys = []
    for column in columns:
        if column.strip().casefold() not in known:
            raise UsageError("actions.unknown_column", column=column, columns=listed((*RESULTS, *MORE)))
        keys.append(known[column.strip().casefold()])
    return [key for key in (*RESULTS, *MORE) if key in keys]


def plan_retier(
    book: Workbook,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    lang: Language | None = None,
) -> Retier:
    """Work out a re-tier of the customers of ``book``; nothing is written.

    Parameters
    ----------
    sheet, table, given
        see `tieraddin.actions.locate.locate`.
    columns
        the results that become columns (default: all that the model gives); those of an earlier run are brought up to
        date in any case.

    Raises
    ------
    UsageError, TableRefused, ModelError
        see `locate`; a table without customers, or whose main measure holds no number, is refused.
    """
    asked = result_keys(columns)
    memory = Memory(book)
    located = locate(book, rules, memory, sheet, table, given)
    if not len(located.found.rows):
        raise TableRefused("actions.no_customers", table=str(located.found.area), sheet=located.sheet)
    if not located.found.header_rows:
        raise TableRefused("actions.hidden_header", table=located.found.name, sheet=located.sheet)
    written = {key: located.ours[key] for key in CARRIED if key in located.ours}
    customers = read_table(book, located, [column for column, _ in written.values()])
    at = len(located.headers)
    places = {key: Mapped(at + k, header, How.REMEMBERED) for k, (key, (_, header)) in enumerate(written.items())}
    mapping = dict(located.mapping)
    old = places.get("grade", mapping.get("current_grade"))
    for key, place in places.items():  # what the last run said, rather than the person's own column
        own = key == "grade" and rules.model.keeps in mapping
        kept = own and located.last and located.last.action == "retier"
        if CARRIED[key] not in (given or {}) and not kept:
            mapping[CARRIED[key]] = place
    result = rules.apply(customers, mapping)
    _refuse_without_numbers(rules, located, result)
    if result.due is None:
        asked = [key for key in asked if key != "next_contact"]
    if columns is None and result.grading.scores is None:
        asked = [key for key in asked if key != "score"]
    keys = [key for key in (*RESULTS, *MORE) if key in asked or key in located.ours]  # what is there may not grow stale
    carried = {
        key: read_field(shared_field(CARRIED[key]), customers.columns[place.column], 1.0, len(customers))
        for key, place in places.items()
    }
    before = _before(rules, customers, old)
    return Retier(book, memory, located, result, before, keys, lang or language(), carried)


def _refuse_without_numbers(rules: Rules, located: Located, result: Result) -> None:
    main = rules.model.main_field
    reading = result.readings[main.name]
    if main.required and reading.kind == "number" and not reading.known.any():
        header = located.mapping[main.name].header
        raise TableRefused("actions.no_numbers", header=header, sheet=located.sheet, field=main.name)


def _before(rules: Rules, customers: Table, old: Mapped | None) -> list[str | None] | None:
    """The grade of each row before the run."""
    if old is None:
        return None
    spec = next(field for field in rules.fields if field.name == "current_grade")
    reading = read_field(spec, customers.columns[old.column], 1.0, len(customers))
    codes = current_codes(rules.model, reading).tolist()
    ids = rules.model.grade_ids
    return [
        ids[code] if code >= 0 else (reading.names[value] if known else None)
        for code, value, known in zip(codes, reading.values.tolist(), reading.known.tolist(), strict=True)
    ]
