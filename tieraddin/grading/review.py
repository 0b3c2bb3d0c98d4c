"""The calendar of movement (P11): what moves on a day, what waits or comes due, what is to be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieraddin.followup.windows import add_months, next_window, window_on
from tieraddin.grading.conditions import YES, truth
from tieraddin.grading.evaluate import Grading
from tieraddin.grading.movement import NONE, counted_from, current_codes, truth_of_flag
from tieraddin.grading.readings import Reading, days_of
from tieraddin.models.sections import Movement
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Codes, Mask

FIELDS = ("grade_since", "reviewed_on", "customer_since", "approved")
"""The shared fields that a review reads, whatever the model."""
CYCLES = {"weekly": 7, "monthly": 1, "yearly": 12}
"""Days of a weekly cycle, months of the others."""


@dataclass(slots=True, eq=False)
class Dates:
    """From when something is due, and the last day for it; `NO_DAY` where there is no such day. Days since 1970."""

    due: Days
    deadline: Days

    @classmethod
    def none(cls, n: int) -> Dates:
        """No days for n rows."""
        return cls(np.full(n, NO_DAY), np.full(n, NO_DAY))

    def put(self, rows: Mask, due: Days, deadline: Days) -> None:
        """Set the days of ``rows``."""
        self.due[rows], self.deadline[rows] = due[rows], deadline[rows]

    def late(self, as_of: int) -> NDArray[np.int64]:
        """Days by which the deadline has passed on day ``as_of``; 0 where it has not."""
        return np.where(self.deadline == NO_DAY, 0, np.maximum(as_of - np.maximum(self.deadline, 0), 0))


@dataclass(slots=True, eq=False)
class Review:
    """What the rules ask for, for each of n rows.

    Attributes
    ----------
    as_of
        the day of the review.
    current, to
        int32, the grade that a row has, and the one it is to have: -1 for none, where nothing is asked for.
    move
        int16, the move that leads there, `NONE` where the entry rules do.
    moves
        when a change of grade is due.
    unapproved
        where a manager has to approve it first, and the table does not say so.
    looks
        when the grade, whether it changes or not, is to be looked at again.
    provisional
        where that is the assessment of a new customer; before it the grade is provisional.
    """

    as_of: int
    current: Codes
    to: Codes
    move: NDArray[np.int16]
    moves: Dates
    unapproved: Mask
    looks: Dates
    provisional: Mask
    approved: bool = False

    @property
    def waits(self) -> Mask:
        """Where a change waits for approval."""
        return self.unapproved & (not self.approved)

    @property
    def today(self) -> Mask:
        """Where the grade is to change by today."""
        return (self.to >= 0) & (self.moves.due <= self.as_of)

    @property
    def applicable(self) -> Mask:
        """Where it may: no approval is missing."""
        return self.today & ~self.waits

    def coming(self, days: int) -> Mask:
        """Where the grade is to change within so many days from today."""
        return _within(self.moves.due, self.as_of, days) & (self.to >= 0)

    def to_look_at(self) -> Mask:
        """Where the grade is due to be looked at."""
        return np.asarray((self.looks.due != NO_DAY) & (self.looks.due <= self.as_of), bool)

    def looks_coming(self, days: int) -> Mask:
        """Where the grade is to be looked at within so many days from today."""
        return _within(self.looks.due, self.as_of, days)


def review_rows(grading: Grading, readings: Mapping[str, Reading], as_of: int, approved: bool = False) -> Review:
    """Review every row of ``grading``.

    Parameters
    ----------
    readings
        those of the grading, and of `FIELDS` (and ``current_grade``) as far as there are such columns.
    as_of
        the day, counted from 1970.
    approved
        a manager has approved all that waits for it.
    """
    model, n = grading.model, len(grading)
    movement = model.movement or Movement.model_validate({})
    current = current_codes(model, readings["current_grade"])
    result = Review(
        as_of, current, np.full(n, -1, np.int32), np.full(n, NONE, np.int16), Dates.none(n), np.zeros(n, bool),
        Dates.none(n), np.zeros(n, bool),
    )  # fmt: skip
    _look_again(result, movement, readings)
    by_entry = (grading.codes >= 0) & (grading.codes != current) & (grading.moved.move < 0)
    result.to[by_entry] = grading.codes[by_entry]
    result.moves.put(by_entry, np.full(n, as_of), np.full(n, NO_DAY))
    kept = by_entry & (current >= 0) & (result.looks.due != NO_DAY) & ~_is_new(movement, readings, as_of)
    result.moves.put(kept, result.looks.due, result.looks.deadline)
    _by_moves(result, grading, movement, readings)
    asks = np.array([*(move.needs_approval for move in movement.moves), False])
    result.unapproved = asks[result.move] & ~truth_of_flag(readings.get("approved"), n)
    result.approved = approved
    return result


def _by_moves(result: Review, grading: Grading, movement: Movement, readings: Mapping[str, Reading]) -> None:
    """The changes that moves ask for: those that hold today, and those whose days are not over yet."""
    ids = grading.model.grade_ids
    open_ = (grading.moved.move == NONE) & (result.to < 0)
    for k, move in enumerate(movement.moves):
        since = counted_from(move, readings)
        known = since != NO_DAY
        due = np.where(known, since, 0) + (move.after_days or 0)
        rows = grading.moved.move == k
        if move.after_days is not None:
            soon = open_ & known & (due > result.as_of) & np.isin(result.current, [ids.index(g) for g in move.from_])
            if move.when is not None:
                soon &= truth(move.when, readings) == YES
            open_ &= ~soon
            rows |= soon
        result.to[rows], result.move[rows] = ids.index(move.to), k
        dated = known & (move.after_days is not None or move.within_days is not None)
        result.moves.put(rows, np.full(len(due), result.as_of), np.full(len(due), NO_DAY))
        if move.after_days is not None:
            result.moves.put(rows & dated, due, due)
        result.moves.deadline[rows & dated] = (due + (move.within_days or 0))[rows & dated]


def _look_again(result: Review, movement: Movement, readings: Mapping[str, Reading]) -> None:
    """When each grade is to be looked at again: by cycle or yearly window, or as a provisional time ends."""
    looked = np.maximum(days_of(readings, "grade_since"), days_of(readings, "reviewed_on"))
    known = (looked != NO_DAY) & (result.current >= 0)
    if movement.recomputed or movement.review_window:
        opens, closes = next_review(movement, np.where(known, looked, 0))
        result.looks.put(known, opens, closes)
    if movement.provisional_days is not None:
        first = days_of(readings, "customer_since")
        over = np.where(first == NO_DAY, 0, first) + movement.provisional_days
        new = known & (first != NO_DAY) & (looked < over)
        result.looks.put(new, over, over)
        result.provisional = new


def _is_new(movement: Movement, readings: Mapping[str, Reading], as_of: int) -> Mask:
    """Where a customer's grade is provisional: it may change at any deal."""
    first = days_of(readings, "customer_since")
    return np.asarray((first != NO_DAY) & (first > as_of - (movement.provisional_days or 0)), bool)


def next_review(movement: Movement, looked: Days) -> tuple[Days, Days]:
    """The first and the last day of the review that follows one on the days ``looked``."""
    if movement.review_window is None:
        cycle = CYCLES[movement.recomputed or "yearly"]
        due = looked + cycle if movement.recomputed == "weekly" else add_months(looked, cycle)
        return due, due
    return next_window(movement.review_window, looked)


def window_of(movement: Movement, day: int) -> tuple[int, int] | None:
    """The first and the last day of the yearly review that is open on ``day``, else of the next; None without one."""
    return None if movement.review_window is None else window_on(movement.review_window, day)


def _within(days: Days, as_of: int, count: int) -> Mask:
    return np.asarray((days > as_of) & (days <= as_of + count), bool)
