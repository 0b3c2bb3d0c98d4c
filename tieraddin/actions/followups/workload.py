"""How much work the follow-ups are for each rep, and who would be needed for it (P10; S34, span of management)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tieraddin.actions.followups.plan import FollowUps
from tieraddin.errors import UsageError
from tieraddin.followup.load import WEEK, contacts_per_week, shared_out
from tieraddin.grading.evaluate import EPOCH
from tieraddin.language import say
from tieraddin.models.load import find_model

SPAN_MODEL = "management-span"


class Load(NamedTuple):
    """The work of one rep.

    Attributes
    ----------
    grades
        how many customers of each grade the rep holds, best first; "" for those without a grade.
    late
        contacts that are late.
    weeks
        contacts planned in each week of the list; what is late is planned in the first.
    per_week
        contacts a week by the rhythm of the grades, without what is late.
    people
        the customers shared over as many people as it takes, the best with the first; for each how many of which grade.
    verdict
        what is more than one person can do, a sentence each; empty where all is within.
    """

    rep: str
    customers: int
    grades: dict[str, int]
    late: int
    weeks: list[int]
    per_week: float
    people: list[dict[str, int]]
    verdict: list[str]


@dataclass(frozen=True, slots=True)
class Workload:
    """The work of all reps.

    Attributes
    ----------
    weeks
        the first day of each week, counted from the day of the list; the last one may be cut short by its end.
    capacity
        contacts a week that one person can make, None where it was not said.
    span
        customers that one person can look after, None where no model says so.
    assumed
        whether that number is the model's, since none was said.
    """

    loads: list[Load]
    weeks: list[dt.date]
    capacity: float | None
    span: int | None
    assumed: bool


def default_span() -> int | None:
    """How many customers one person can look after, by the model management-span (S34)."""
    portfolio = find_model(SPAN_MODEL).model.portfolio
    return portfolio.customers_per_manager if portfolio else None


def workload(found: FollowUps, capacity: float | None = None, span: int | None = None) -> Workload:
    """Set the contacts and customers of each rep against what one person can do.

    Parameters
    ----------
    capacity
        contacts a week, at least 1; None where nothing is to be said of it.
    span
        customers, at least 1 (default: that of the model management-span).

    Raises
    ------
    UsageError
        a number below 1.
    """
    assumed = span is None
    span = default_span() if span is None else span
    for option, number in (("--capacity", capacity), ("--span", span)):
        if number is not None and number < 1:
            raise UsageError("followups.at_least_one", option=option, number=number)
    grading, start = found.plan.result.grading, (found.as_of - EPOCH).days
    weeks = -(-found.days // WEEK)
    firsts = [found.as_of + dt.timedelta(WEEK * k) for k in range(weeks)]
    rates = contacts_per_week(found.cadence, grading.grades, as_of=start, event=found.anchors.event).sum(axis=0)
    reps, grades = len(found.reps), [*grading.model.grade_ids, ""]
    cell = found.rep_of * len(grades) + grading.codes % len(grades)  # no grade, -1, is the last one
    size = reps * len(grades)
    held = np.bincount(cell, minlength=size).reshape(reps, -1)
    asked = np.bincount(cell, rates, minlength=size).reshape(reps, -1)
    of = found.rep_of[found.schedule.row]
    week = np.clip((found.schedule.planned - start) // WEEK, 0, weeks - 1)
    planned = np.bincount(of * weeks + week, minlength=reps * weeks).reshape(reps, -1)
    late = np.bincount(of[found.schedule.days_late(start) > 0], minlength=reps)
    loads = []
    for k, rep in enumerate(found.reps):
        mix = {grade: count for grade, count in zip(grades, held[k].tolist(), strict=True) if count}
        each = dict(zip(grades, (asked[k] / np.maximum(held[k], 1)).tolist(), strict=True))
        load = Load(
            rep, int(held[k].sum()), mix, int(late[k]), planned[k].tolist(), round(float(asked[k].sum()), 6),
            shared_out(mix, each, capacity, span), [],
        )  # fmt: skip
        loads.append(load._replace(verdict=_verdict(load, firsts, capacity, span)))
    return Workload(loads, firsts, capacity, span, assumed)


def _verdict(load: Load, weeks: list[dt.date], capacity: float | None, span: int | None) -> list[str]:
    said = []
    if span is not None and load.customers > span:
        said.append(say("followups.over_span", customers=load.customers, span=span))
    if capacity is None:
        return said
    if load.per_week > capacity:
        said.append(say("followups.over_rhythm", contacts=f"{load.per_week:.1f}", capacity=f"{capacity:g}"))
    elif (most := max(load.weeks)) > capacity:
        day = weeks[load.weeks.index(most)]
        said.append(say("followups.over_week", contacts=most, day=day, capacity=f"{capacity:g}"))
    return said
