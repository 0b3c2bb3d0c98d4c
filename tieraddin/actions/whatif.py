"""What would be if other rules held: who moves, how much value with them, how many contacts a week more or less."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tieraddin.actions.files import Done
from tieraddin.actions.memory import Memory
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Rules, anchors
from tieraddin.errors import TableRefused, UsageError
from tieraddin.followup.load import contacts_per_week
from tieraddin.grading.evaluate import EPOCH
from tieraddin.kernels.arrays import as_parts
from tieraddin.language import listed
from tieraddin.tables.values import Floats
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

_NEXT_OPTION = re.compile(r",\s*(?=\w+=)")


class Contacts(NamedTuple):
    """How many contacts a week a grade asks for through a channel, as it is and as it would be."""

    grade: str
    channel: str
    now: float
    then: float


@dataclass(eq=False)
class WhatIf:
    """The customers of a workbook by the rules as they are and as they would be.

    Attributes
    ----------
    value
        what each customer is worth: the main measure of the rules as they are, negative ones and blanks as 0; None
        where that is no amount of money.
    contacts
        by grade and channel; None where one of the two has no rhythm.
    """

    now: Retier
    then: Retier
    value: Floats | None
    contacts: list[Contacts] | None

    @property
    def moved(self) -> list[int]:
        """The positions of the customers whose grade would be another."""
        pairs = zip(self.now.result.grading.grades, self.then.result.grading.grades, strict=True)
        return [i for i, (old, new) in enumerate(pairs) if old != new]

    def matrix(self) -> dict[str | None, dict[str | None, int]]:
        """How many customers of each grade (None for none) would have which grade; best first, empty rows left out."""
        old, new = self.now.result.grading, self.then.result.grading
        width = len(new.model.grades) + 1
        cells = (old.codes % (len(old.model.grades) + 1)) * width + new.codes % width  # no grade, -1, is the last
        counts = np.bincount(cells, minlength=(len(old.model.grades) + 1) * width).reshape(-1, width).tolist()
        columns: list[str | None] = [*new.model.grade_ids, None]
        rows: list[str | None] = [*old.model.grade_ids, None]
        return {
            row: dict(zip(columns, cells, strict=True)) for row, cells in zip(rows, counts, strict=True) if any(cells)
        }

    def moved_share(self) -> float | None:
        """The share of all value that the customers who move have; None without value."""
        if self.value is None or not self.value.sum() > 0:
            return None
        return float(self.value[self.moved].sum() / self.value.sum())


def plan_whatif(
    book: Workbook,
    now: Rules,
    then: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
) -> WhatIf:
    """Grade the customers of ``book`` by two sets of rules; nothing is written.

    Parameters
    ----------
    sheet, table, given
        see `tieraddin.actions.locate.locate`.

    Raises
    ------
    TableRefused, UsageError, ModelError
        see `tieraddin.actions.retier.plan_retier`; models that would read different tables are refused.
    """
    plans = [
        plan_retier(book, rules, sheet=sheet, table=table, given=_known(rules, given, (now, then)))
        for rules in (now, then)
    ]
    places = [(plan.located.sheet, str(plan.area)) for plan in plans]
    if places[0] != places[1]:
        raise TableRefused("whatif.two_tables", tables=listed("!".join(place) for place in places))
    return WhatIf(plans[0], plans[1], _value(plans[0]), _contacts(*plans))


def rules_now(book: Workbook, rules: Rules, sheet: str | None = None) -> Rules:
    """``rules`` with the options that the last run by this model had, as the workbook's log says; as they are if none.

    Raises
    ------
    UsageError
        options of that run that the model does not take any more.
    """
    memory = Memory(book)
    standing = {kept.run for kept in memory.standing()}
    for line in reversed(memory.log()):
        if (
            line["Action"] == "retier"
            and line["Model"] == rules.model.id
            and line["Run"] in standing
            and sheet in (None, line["Sheet"])
        ):
            return rules.with_options(_options(str(line["Options"] or "")))
    return rules


def _options(text: str) -> dict[str, str]:
    """The options of a line of the log: "cuts=0.7,0.9, crossing=out"."""
    pairs = (option.partition("=") for option in _NEXT_OPTION.split(text) if option)
    return {name.strip(): value.strip("[]() ") for name, _, value in pairs}


def _known(rules: Rules, given: Mapping[str, str] | None, both: tuple[Rules, Rules]) -> dict[str, str]:
    """What of ``given`` is meant for ``rules``: fields that only the other model has are left out."""
    own = {field.name for field in rules.fields}
    others = {field.name for other in both for field in other.fields}
    return {name: header for name, header in (given or {}).items() if name in own or name not in others}


def _value(plan: Retier) -> Floats | None:
    spec = plan.result.rules.model.money_field
    if spec is None or spec.name not in plan.located.mapping:
        return None
    return as_parts(plan.result.readings[spec.name].numbers)


def _contacts(now: Retier, then: Retier) -> list[Contacts] | None:
    before, after = _per_week(now), _per_week(then)
    if before is None or after is None:
        return None
    return [Contacts(*key, before.get(key, 0.0), after.get(key, 0.0)) for key in dict.fromkeys([*before, *after])]


def _per_week(plan: Retier) -> dict[tuple[str, str], float] | None:
    """Contacts a week by grade and channel, by the rhythm of the rules; None where they have none."""
    rules, grading = plan.result.rules, plan.result.grading
    if rules.cadence is None or not {contact.grade for contact in rules.cadence.contacts} & set(
        grading.model.grade_ids
    ):
        return None
    event = anchors(rules.cadence, plan.result.readings).event
    rates = contacts_per_week(rules.cadence, grading.grades, as_of=(rules.as_of - EPOCH).days, event=event)
    total: dict[tuple[str, str], float] = {}
    for contact, rate in zip(rules.cadence.contacts, rates.sum(axis=1).tolist(), strict=True):
        if contact.grade in grading.model.grade_ids:
            key = (contact.grade, contact.channel)
            total[key] = total.get(key, 0.0) + rate
    return total


def whatif_file(
    path: Path,
    now: Rules,
    options: Mapping[str, Any],
    *,
    other: Rules | None = None,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
) -> Done:
    """What would be in a workbook file if ``options``, or the model of ``other``, held; as JSON has it.

    Parameters
    ----------
    now
        the model as it is; the options of the last logged run by it are put in.
    options
        what is asked, on top of those; for ``other`` they are bound already.

    Raises
    ------
    UsageError
        neither options nor another model: there is nothing to compare.
    """
    if not options and other is None:
        raise UsageError("whatif.nothing_asked")
    with open_workbook(path) as book:
        now = rules_now(book, now, sheet)
        then = other or now.with_options({**now.options, **options})
        found = plan_whatif(book, now, then, sheet=sheet, table=table, given=given)
        return _done(found)


def _done(found: WhatIf) -> Done:
    old, new = found.now.result.grading, found.then.result.grading
    moved = found.moved
    money = found.now.result.rules.model.money_field
    return {
        "sheet": found.now.located.sheet,
        "table": str(found.now.area),
        "rows": len(old),
        "now": _side(found.now),
        "then": _side(found.then),
        "moved": len(moved),
        "matrix": [
            {"from": start, "to": end, "count": count}
            for start, row in found.matrix().items()
            for end, count in row.items()
            if count
        ],
        "value": None
        if found.value is None or money is None
        else {"header": found.now.located.mapping[money.name].header, "moved_share": found.moved_share()},
        "customers": [
            {
                "row": found.now.rows[i],
                "customer": name,
                "from": old.grades[i],
                "to": new.grades[i],
                "value": None if found.value is None else float(found.value[i]),
            }
            for i, name in zip(moved, found.now.customers(moved), strict=True)
        ],
        "contacts": None if found.contacts is None else [contact._asdict() for contact in found.contacts],
        "notes": found.now.notes(),
    }


def _side(plan: Retier) -> Done:
    rules = plan.result.rules
    counts = plan.result.grading.counts()
    return {
        "model": rules.model.id,
        "options": {name: str(value) for name, value in rules.options.items()},
        "counts": counts,
        "ungraded": len(plan.rows) - sum(counts.values()),
    }
