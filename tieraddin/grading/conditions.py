"""Conditions on all rows at once, in three values: no (0), not known (1), yes (2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.readings import Reading
from tieraddin.kernels.bands import band_codes
from tieraddin.models.conditions import AnyOf, AtLeast, Compare, Condition, Not, Operand, parts_of
from tieraddin.tables.values import Floats, Mask

Truth: TypeAlias = NDArray[np.int8]

NO, UNKNOWN, YES = 0, 1, 2
BOUNDS = {"at_least": False, "above": True, "at_most": True, "below": False}
"""The tests against a number, and whether a value on the edge lies below it."""


def truth(condition: Condition, readings: Mapping[str, Reading]) -> Truth:
    """int8 of shape (n,): whether ``condition`` holds for each row (Kleene's three-valued logic)."""
    if isinstance(condition, Compare):
        return compare(condition, readings)
    parts = [truth(part, readings) for part in parts_of(condition)]
    if isinstance(condition, Not):
        return (YES - parts[0]).astype(np.int8)
    k = needed(condition)
    if k in (1, len(parts)):
        return np.asarray((np.minimum if k == len(parts) else np.maximum).reduce(parts))
    sure, possible = (np.sum([part >= least for part in parts], axis=0) >= k for least in (YES, UNKNOWN))
    return np.asarray(sure, np.int8) + np.asarray(possible, np.int8)


def needed(condition: Condition, wanted: bool = True) -> int:
    """How many parts of a combined condition must hold that it holds (or fail, that it fails)."""
    n = len(parts_of(condition))
    k = condition.at_least_k if isinstance(condition, AtLeast) else 1 if isinstance(condition, AnyOf) else n
    return k if wanted else n - k + 1


class Truths:
    """The truth of the conditions of one model for all rows, each worked out once."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self.readings = readings
        self._known: dict[int, Truth] = {}

    def __call__(self, condition: Condition) -> Truth:
        """See `truth`."""
        if id(condition) not in self._known:
            self._known[id(condition)] = truth(condition, self.readings)
        return self._known[id(condition)]


def compare(test: Compare, readings: Mapping[str, Reading]) -> Truth:
    """int8 of shape (n,): whether one comparison holds for each row."""
    reading = readings[test.field]
    known = reading.known
    if test.known is not None:
        held, known = known == test.known, ~reading.unreadable
    elif test.is_ is not None:
        held = _is(test.is_, reading)
    else:
        name, bound = bound_of(test)
        held, both = _beyond(reading, name, bound, readings)
        known = known & both
    return np.where(known, held * np.int8(YES), np.int8(UNKNOWN))


def bound_of(test: Compare) -> tuple[str, float | Operand]:
    """The name of the test against a number, and the number (or the field that holds it)."""
    return next((name, bound) for name in BOUNDS if (bound := getattr(test, name)) is not None)


def operand_numbers(bound: Operand, readings: Mapping[str, Reading]) -> Floats:
    """The number that each row is held against; NaN where it is not known."""
    return readings[bound.field].numbers + bound.plus


def words_of(test: Compare) -> list[str]:
    """The words that a test for a word allows."""
    return [test.is_] if isinstance(test.is_, str) else test.is_ if isinstance(test.is_, list) else []


def _beyond(reading: Reading, name: str, bound: float | Operand, readings: Mapping[str, Reading]) -> tuple[Mask, Mask]:
    """Whether the test holds, and where it can be told; an edge reached to within 1e-9 counts as reached."""
    numbers = reading.numbers
    if isinstance(bound, Operand):
        other = operand_numbers(bound, readings)
        scale = np.maximum(1.0, np.abs(other))
        above = band_codes((numbers - other) / scale, [0.0], BOUNDS[name])
    else:
        above = band_codes(numbers, [bound], BOUNDS[name])
    held = above == (1 if name in ("at_least", "above") else 0)
    return held, reading.has_word | (above >= 0)


def _is(wanted: bool | str | list[str], reading: Reading) -> Mask:
    if isinstance(wanted, bool):
        return np.asarray(reading.values == wanted)
    words = [wanted] if isinstance(wanted, str) else wanted
    if reading.kind == "code":
        return np.asarray(reading.lookup(np.array([name in words for name in reading.names], np.int32)) == 1)
    if reading.word is None:
        return np.zeros(len(reading), bool)
    wanted_word = np.array([*(word in words for word in reading.words), False], bool)
    held: Mask = wanted_word[reading.word]
    return held
