"""When customers are to be contacted, by the rhythm of a model, and how late it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from tieraddin.addin.answers import day_cells
from tieraddin.addin.blocks import Block, CallError, Rows, ToldDate, ToldError
from tieraddin.addin.calendars import Workdays
from tieraddin.addin.kinds import Count, Dates, ModelName, Text, Texts
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Field, Matched
from tieraddin.followup.calendars import Calendar
from tieraddin.language import listed, say
from tieraddin.tables.values import Cell
from tieraddin.tables.words import folded

if TYPE_CHECKING:
    from tieraddin.models.sections import Cadence

MOST_DATES = 366
CHANNELS = {
    "call": ("电话", "通话"), "visit": ("拜访", "上门"), "meeting": ("会面", "会议"), "letter": ("信函", "信件"),
    "contact": ("联系",),
}  # fmt: skip
"""Other words for the channels that models name."""


@udf("followup")
def followup_date(
    model: ModelName,
    grade: Texts,
    last_contact: Dates,
    channel: Text | None = None,
    calendar: Workdays | None = None,
    event_day: Dates | None = None,
) -> Rows:
    """The date of the next contact; nothing for a grade that asks for none. See `_plan`."""
    matched = _matched(grade, last_contact, event_day)
    (dates,) = _plan(model, matched, grade, last_contact, channel, calendar, event_day, 1)
    return matched.answer(dates)


@udf("followup")
def followup_plan(
    model: ModelName,
    grade: Texts,
    last_contact: Dates,
    count: Count,
    channel: Text | None = None,
    calendar: Workdays | None = None,
    event_day: Dates | None = None,
) -> Rows:
    """The next ``count`` dates, in a row for each customer: those of all channels, or of one, if each is kept."""
    if not 1 <= count <= MOST_DATES:
        raise CallError("#NUM!", "range_count", argument="count", most=MOST_DATES)
    matched = _matched(grade, last_contact, event_day)
    if matched.block.width > 1:
        raise CallError("#VALUE!", "one_wide", argument="grade")
    plan = _plan(model, matched, grade, last_contact, channel, calendar, event_day, count)
    columns = [matched.answer(dates) for dates in plan]
    return [tuple(column[i][0] for column in columns) for i in range(len(matched))]


@udf("followup")
def followup_overdue(due: Dates, as_of: Dates) -> Rows:
    """Calendar days by which each contact is late on the day ``as_of``, 0 for none."""
    matched = Matched(due, as_of)
    late = np.where(matched.good, np.maximum(0, matched.of(as_of) - matched.of(due)), 0)
    return matched.answer(late.tolist())


def _matched(grade: Field, last_contact: Field, event_day: Field | None) -> Matched:
    return Matched(grade, last_contact, spare=() if event_day is None else (event_day,))


def _plan(
    model: str | Block,
    matched: Matched,
    grade: Field,
    last_contact: Field,
    channel: str | None,
    calendar: Calendar | None,
    event_day: Field | None,
    count: int,
) -> list[list[Cell]]:
    """The next dates of all customers, the first ones first; a grade that the model does not have is #N/A.

    Without a published notice of a year's days off, Monday to Friday count as worked; the date tells so.
    """
    from tieraddin.addin.grades import grade_ids
    from tieraddin.addin.sources import model_of
    from tieraddin.followup.cadence import next_dates, not_published

    chosen = model_of(model).model
    if chosen.cadence is None:
        raise CallError("#VALUE!", "no_cadence", argument="model", model=chosen.id)
    cadence = _through(chosen.cadence, channel)
    unknown = ToldError.of(CallError("#N/A", "no_such_grade", argument="grade", grades=listed(chosen.grade_ids)))
    grades = grade_ids(chosen, matched, grade)
    event = None if event_day is None else matched.of(event_day)
    calendar = calendar or Calendar.of_country(cadence.calendar)
    plan = []
    for days in next_dates(cadence, grades, matched.of(last_contact), count, event=event, calendar=calendar):
        dates = day_cells(days)
        for i in np.flatnonzero(not_published(calendar, days)).tolist():
            dates[i] = _without_notice(dates[i], calendar.name)
        plan.append([unknown if grade is None else date for grade, date in zip(grades, dates, strict=True)])
    return plan


def _without_notice(date: Cell, calendar: str) -> Cell:
    """``date`` with the remark that its year's days off are not published."""
    if not isinstance(date, dt.date):
        return date
    return ToldDate.of(date, say("addin.no_notice", calendar=calendar, year=date.year))


def _through(cadence: Cadence, channel: str | None) -> Cadence:
    """The contacts through one channel."""
    if channel is None:
        return cadence
    names = {folded(word): name for name, words in CHANNELS.items() for word in words}
    wanted = names.get(folded(channel), folded(channel))
    contacts = tuple(contact for contact in cadence.contacts if folded(contact.channel) == wanted)
    if not contacts:
        known = listed(dict.fromkeys(contact.channel for contact in cadence.contacts))
        raise CallError("#VALUE!", "one_of", argument="channel", words=known)
    return cadence.model_copy(update={"contacts": contacts})
