"""Promotion and demotion (P11): what the current grade, a breach or time does to the grade by the entry rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.conditions import YES, truth
from tieraddin.grading.readings import Reading, days_of
from tieraddin.models.schema import Model
from tieraddin.models.sections import Move
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Codes, Mask
from tieraddin.tables.words import folded

NONE, HELD, SETTLED = -1, -2, -3
"""In place of the number of a move: nothing moves; the current grade is held, since its way up or down is a move; it
was moved on this very day, and is looked at again from the next on."""


@dataclass(slots=True, eq=False)
class Moved:
    """What movement says of every row.

    Attributes
    ----------
    codes
        int32, the grade after movement, as an index into the model's grades; -1 for none.
    move
        int16, the move that holds, `NONE`, `HELD` or `SETTLED`.
    """

    codes: Codes
    move: NDArray[np.int16]


def current_codes(model: Model, reading: Reading) -> Codes:
    """The current grade of each row, by id or label in either language, as an index into the model's grades, or -1."""
    ids = {
        folded(word): i for i, g in reversed(list(enumerate(model.grades))) for word in (g.label.zh, g.label.en, g.id)
    }
    return reading.lookup(np.array([ids.get(folded(name), -1) for name in reading.names], np.int32))


def holds(move: Move, readings: Mapping[str, Reading], current: Codes, ids: list[str], as_of: int) -> Mask:
    """Where ``move`` holds on day ``as_of`` (days since 1970), approval aside."""
    rows: Mask = np.isin(current, [ids.index(grade) for grade in move.from_])
    if move.when is not None:
        rows &= truth(move.when, readings) == YES
    if move.after_days is not None:
        since = counted_from(move, readings)
        rows &= (since != NO_DAY) & (since <= as_of - move.after_days)
    return rows


def counted_from(move: Move, readings: Mapping[str, Reading]) -> Days:
    """The day from which the days of ``move`` count, for each row; `NO_DAY` where it is not known."""
    return days_of(readings, move.since or "grade_since")


def move_rows(
    model: Model, readings: Mapping[str, Reading], entry: Codes, as_of: int, fits_none: Mask | None = None
) -> Moved:
    """Apply the model's moves: the first that holds decides.

    A grade that the entry rules would change, but whose way there is a move that does not hold, is held: a C put to D
    for a breach stays D until a good period is recorded.

    Parameters
    ----------
    entry
        n codes, the grade by the entry rules, -1 for none.
    fits_none
        where all is known and no grade fits: such rows have no grade by the entry rules, but moves hold for them.
    """
    n = len(entry)
    result = Moved(entry.copy(), np.full(n, NONE, np.int16))
    if model.movement is None or "current_grade" not in readings:
        return result
    ids = model.grade_ids
    current = current_codes(model, readings["current_grade"])
    applies = model.movement.applies == "retier"
    open_ = entry >= 0 if fits_none is None else (entry >= 0) | fits_none
    settled = _moved_on(as_of, readings, n) & (current >= 0)
    open_ &= ~settled
    governed = np.zeros(n, bool)
    for k, move in enumerate(model.movement.moves):
        rows = open_ & holds(move, readings, current, ids, as_of)
        result.move[rows] = k
        open_ &= ~rows
        approved = truth_of_flag(readings.get("approved"), n) if move.needs_approval else np.ones(n, bool)
        if applies:
            result.codes[rows & approved] = ids.index(move.to)
            result.codes[rows & ~approved] = current[rows & ~approved]
        governed |= np.isin(current, [ids.index(g) for g in move.from_]) & (entry == ids.index(move.to))
    if applies:
        held = open_ & governed & (current != entry)
        result.codes[held] = current[held]
        result.move[held] = HELD
        settled &= current != entry
        result.codes[settled] = current[settled]
        result.move[settled] = SETTLED
    return result


def _moved_on(day: int, readings: Mapping[str, Reading], n: int) -> Mask:
    """Where a review of ``day`` moved the grade: it holds since then, and was reviewed then."""
    rows = np.ones(n, bool)
    for name in ("grade_since", "reviewed_on"):
        reading = readings.get(name)
        rows &= False if reading is None else reading.known & (reading.values == day)
    return rows


def truth_of_flag(reading: Reading | None, n: int) -> Mask:
    """Where a flag is yes; nowhere without its column."""
    return np.zeros(n, bool) if reading is None else np.asarray(reading.known & reading.values, bool)
