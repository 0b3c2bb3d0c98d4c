"""Whom to contact over the next days: every contact of a workbook's customers, by rep, overdue first (P10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tieraddin.actions.followups.duties import duties_said, who_said
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Anchors, Rules, anchors
from tieraddin.errors import TableRefused, UsageError
from tieraddin.followup.calendars import Calendar, years_of
from tieraddin.followup.schedule import FIRST, Schedule, review_days, schedule
from tieraddin.grading.evaluate import EPOCH
from tieraddin.language import language, listed, say
from tieraddin.models.load import all_models
from tieraddin.models.schema import Model
from tieraddin.models.sections import Cadence
from tieraddin.tables.dates import FIRST_DAY, NO_DAY
from tieraddin.tables.values import Mask
from tieraddin.workbooks.port import Workbook

BESIDE = ("rep",)
"""Shared fields that the list looks for besides."""
REVIEW = "review"
MOST_DAYS = 366
_SHOWN = 20


class FollowUp(NamedTuple):
    """One contact to be made, or one review of all customers of a rep (without customer, row and grade).

    Attributes
    ----------
    planned
        the day to do it: the due date, or the first working day from the day of the list where that has passed.
    due, latest
        the first day on which it is to be made, and the last on which it is not late.
    nth
        whether it is the customer's first contact through this channel on the list, the second, ...: from 1.
    """

    rep: str
    planned: dt.date
    customer: str
    grade: str | None
    channel: str
    due: dt.date
    latest: dt.date
    days_late: int
    last_contact: dt.date | None
    why: str
    by: str | None
    row: int | None
    nth: int


@dataclass(eq=False)
class FollowUps:
    """The contacts of some days, worked out; nothing is written yet.

    Attributes
    ----------
    rep_of
        for each customer the position of its rep in ``reps``.
    reps
        the reps, sorted; "" for customers without one, last.
    """

    plan: Retier
    cadence: Cadence
    calendar: Calendar
    days: int
    anchors: Anchors
    schedule: Schedule
    rep_of: NDArray[np.intp]
    reps: list[str]
    has_reps: bool
    unreadable: list[dict[str, Any]] = field(default_factory=list)

    @property
    def as_of(self) -> dt.date:
        """The day of the list."""
        return self.plan.result.rules.as_of

    @property
    def until(self) -> dt.date:
        """The last day of the list."""
        return self.as_of + dt.timedelta(days=self.days - 1)

    @cached_property
    def customers(self) -> list[str]:
        """What each customer is called."""
        return self.plan.customers(range(len(self.plan.rows)))

    @cached_property
    def entries(self) -> list[FollowUp]:
        """By rep; what is late first (most days late first, then the better grade), then by date and grade."""
        found = self._contacts() + self._reviews()
        place = {rep: k for k, rep in enumerate(self.reps)}
        grades = {grade: k for k, grade in enumerate(self.plan.result.grading.model.grade_ids)}

        def key(entry: FollowUp) -> tuple[Any, ...]:
            day = entry.planned if not entry.days_late else self.as_of
            return (place[entry.rep], -entry.days_late, day, grades.get(entry.grade or "", -1), entry.row or 0)

        return sorted(found, key=key)

    @property
    def late(self) -> int:
        """How many contacts are late."""
        return sum(entry.days_late > 0 for entry in self.entries)

    @cached_property
    def undated(self) -> list[int]:
        """The rows of customers to be contacted of whom no day is known from which to count."""
        asked = np.isin(np.array(self.plan.result.grading.grades, object), [c.grade for c in self.cadence.contacts])
        last, first = self.anchors.last_contact, self.anchors.first_visit
        unknown = (last < FIRST_DAY) & ((last != NO_DAY) | (first < FIRST_DAY))
        unread = {entry["row"] for entry in self.unreadable if entry["field"] == "last_contact"}
        return [row for row in self._rows(asked & unknown) if row not in unread]

    @property
    def ungraded(self) -> list[int]:
        """The rows of customers without a grade, of whom it is not known how often to contact them."""
        return self._rows(self.plan.result.grading.codes < 0)

    @property
    def ahead(self) -> list[int]:
        """The rows of customers whose last contact lies after the day of the list."""
        return self._rows(self.anchors.last_contact > (self.as_of - EPOCH).days)

    def _rows(self, held: Mask) -> list[int]:
        return [self.plan.rows[i] for i in np.flatnonzero(held).tolist()]

    def label(self, grade: str) -> str:
        """What people call a grade."""
        return self.plan.result.grading.model.grade(grade).label[language()]

    def notes(self) -> list[str]:
        """What people should know of the list."""
        said = []
        if not self.has_reps:
            said.append(say("followups.no_rep_column"))
        for key, at in (("undated", self.undated), ("ungraded_rows", self.ungraded), ("ahead", self.ahead)):
            if at:
                rows = listed(at, _SHOWN)
                said.append(say(f"followups.{key}", count=len(at), rows=rows, as_of=self.as_of))
        if self.schedule.plain_week.any():
            years = sorted(set(years_of(self.schedule.planned[self.schedule.plain_week]).tolist()))
            said.append(say("followups.plain_week", years=listed(years), calendar=self.calendar.name))
        said += [say("followups.standing", duty=duty[language()]) for duty in self.cadence.reviews]
        return [*said, *self.plan.notes()]

    def _contacts(self) -> list[FollowUp]:
        found, grades, rows = self.schedule, self.plan.result.grading.grades, self.plan.rows
        labels = {grade: self.label(grade) for grade in self.plan.result.grading.model.grade_ids}
        duties = duties_said(self.cadence, labels, self._event_said())
        channels = {k: contact.channel for k, contact in enumerate(self.cadence.contacts)}
        by = {k: who_said(contact) for k, contact in enumerate(self.cadence.contacts)}
        touched = {contact.grade: contact.channel for contact in reversed(self.cadence.contacts)}
        day = _Days()
        last = [None if known == NO_DAY else day[known] for known in self.anchors.last_contact.tolist()]
        reps = [self.reps[k] for k in self.rep_of.tolist()]
        names = self.customers
        late = found.days_late((self.as_of - EPOCH).days).tolist()
        columns = (found.row, found.contact, found.due, found.latest, found.planned)
        nth: Counter[tuple[int, str]] = Counter()
        entries = []
        for k, (i, contact, due, latest, planned) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            channel = touched[grades[i] or ""] if contact == FIRST else channels[contact]
            nth[i, channel] += 1
            entries.append(
                FollowUp(
                    reps[i], day[planned], names[i], grades[i], channel, day[due], day[latest], late[k], last[i],
                    duties[contact], by.get(contact), rows[i], nth[i, channel],
                )
            )  # fmt: skip
        return entries

    def _reviews(self) -> list[FollowUp]:
        """The yearly review of the grades, one entry a rep."""
        movement, start = self.plan.result.rules.model.movement, (self.as_of - EPOCH).days
        window = movement.review_window if movement else None
        held = np.bincount(self.rep_of, minlength=len(self.reps)).tolist()
        found = []
        for first, last in review_days(window, start, self.days, self.calendar):
            due, latest = EPOCH + dt.timedelta(first), EPOCH + dt.timedelta(last)
            planned = EPOCH + dt.timedelta(max(first, self.calendar.from_day(start)))
            for rep, count in zip(self.reps, held, strict=True):
                why = say("followups.review", first=due, last=latest, count=count)
                found.append(FollowUp(rep, planned, "", None, REVIEW, due, latest, 0, None, why, None, None, 1))
        return found

    def _event_said(self) -> str:
        names = {spec.name: spec.label[language()] for spec in self.plan.result.rules.fields}
        return names.get(self.cadence.event or "", "")


class _Days(dict[int, dt.date]):
    """Days since 1970 as dates, each made once."""

    def __missing__(self, day: int) -> dt.date:
        self[day] = EPOCH + dt.timedelta(days=day)
        return self[day]


def plan_followups(
    book: Workbook,
    rules: Rules,
    *,
    days: int = 14,
    days_off: bool = False,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
) -> FollowUps:
    """Work out whom to contact from the day of ``rules`` on; nothing is written.

    Parameters
    ----------
    rules
        made with ``beside=BESIDE``, so that reps are looked for.
    days
        how many days, the first included: 1 to 366.
    days_off
        whether contacts may fall on days off.
    sheet, table, given
        see `tieraddin.actions.locate.locate`.

    Raises
    ------
    UsageError
        no rhythm, or one for other grades; ``days`` out of range.
    TableRefused, ModelError
        see `tieraddin.actions.retier.plan_retier`; a table without a column of last contacts is refused.
    """
    cadence = cadence_for(rules)
    if not 1 <= days <= MOST_DAYS:
        raise UsageError("followups.days_range", days=days, most=MOST_DAYS)
    plan = plan_retier(book, rules, sheet=sheet, table=table, given=given)
    if "last_contact" not in plan.located.mapping:
        columns = listed(header for header in plan.located.headers.values() if header)
        raise TableRefused("followups.no_last_contact", table=str(plan.area), sheet=plan.located.sheet, columns=columns)
    calendar = Calendar.of_every_day() if days_off else Calendar.of_country(cadence.calendar)
    known = anchors(cadence, plan.result.readings)
    contacts = schedule(
        cadence,
        plan.result.grading.grades,
        known.last_contact,
        as_of=(rules.as_of - EPOCH).days,
        days=days,
        first_visit=known.first_visit,
        event=known.event,
        calendar=calendar,
    )
    rep_of, reps = _reps(plan)
    return FollowUps(
        plan, cadence, calendar, days, known, contacts, rep_of, reps,
        "rep" in plan.located.mapping, _unreadable(plan, cadence),
    )  # fmt: skip


def rhythms_for(model: Model) -> list[Model]:
    """The models with a follow-up rhythm for half of the grades of ``model`` at least."""
    grades = set(model.grade_ids)
    having = (source.model for source in all_models())
    known = ((one, {contact.grade for contact in one.cadence.contacts}) for one in having if one.cadence)
    return [one for one, theirs in known if len(grades & theirs) * 2 >= len(grades)]


def cadence_for(rules: Rules) -> Cadence:
    """The cadence of ``rules``; refused where there is none, or it knows none of the model's grades."""
    if rules.cadence is None:
        having = listed(source.model.id for source in all_models() if source.model.cadence)
        raise UsageError("followups.no_cadence", model=rules.model.id, models=having)
    theirs = list(dict.fromkeys(contact.grade for contact in rules.cadence.contacts))
    if not set(theirs) & set(rules.model.grade_ids):
        raise UsageError(
            "followups.other_grades",
            cadence=rules.cadence_of,
            theirs=listed(theirs),
            model=rules.model.id,
            ours=listed(rules.model.grade_ids),
        )
    return rules.cadence


def _reps(plan: Retier) -> tuple[NDArray[np.intp], list[str]]:
    """For each customer the position of its rep, and the reps, sorted; "" for none, last."""
    reading = plan.result.readings["rep"]
    names = sorted({reading.names[code] for code in np.unique(reading.values[reading.known]).tolist()})
    place = {name: k for k, name in enumerate(names)}
    rep_of = reading.lookup(np.array([place.get(name, -1) for name in reading.names], np.int32)).astype(np.intp)
    return np.where(rep_of < 0, len(names), rep_of), names if reading.known.all() else [*names, ""]


def _unreadable(plan: Retier, cadence: Cadence) -> list[dict[str, Any]]:
    """The cells of the dates that contacts are counted from which are no dates."""
    found = []
    for name in ("last_contact", "first_visit", *([cadence.event] if cadence.event else [])):
        at = np.flatnonzero(plan.result.readings[name].unreadable).tolist()
        if not at:
            continue
        mapped, rows = plan.located.mapping[name], [plan.rows[i] for i in at]
        number = list(plan.located.headers)[mapped.column]
        column = plan.book.read_columns(plan.located.sheet, [number], rows[0], rows[-1])[0]
        for row, customer in zip(rows, plan.customers(at), strict=True):
            reason = say("followups.unreadable_date", header=mapped.header, cell=column[row - rows[0]])
            found.append({"row": row, "customer": customer, "field": name, "reason": reason})
    return found
