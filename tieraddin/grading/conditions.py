"""Conditions on all rows at once, in three values: no (0), not known (1), yes (2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.readings import Reading
from tieraddin.kernels.bands import band_codes
from tieraddin.models.conditions import All, AnyOf, AtLeast, Compare, Condition, Not, Operand
from tieraddin.tables.values import Floats, Mask

Truth: TypeAlias = NDArray[np.int8]

NO, UNKNOWN, YES = 0, 1, 2
BOUNDS = {"at_least": False, "above": True, "at_most": True, "below": False}
"""The tests against a number, and whether a value on the edge lies below it."""


def truth(condition: Condition, readings: Mapping[str, Reading]) -> Truth:
    """int8 of shape (n,): whether ``condition`` holds for each row (Kleene's three-valued logic)."""
    match condition:
        case All():
            return np.asarray(np.minimum.reduce([truth(part, readings) for part in condition.all]))
        case AnyOf():
            return np.asarray(np.maximum.reduce([truth(part, readings) for part in condition.any]))
        case AtLeast():
            parts = np.array([truth(part, readings) for part in condition.of])
            sure, possible = (parts == YES).sum(axis=0), (parts >= UNKNOWN).sum(axis=0)
            k = condition.at_least_k
            return np.where(sure >= k, YES, np.where(possible >= k, UNKNOWN, NO)).astype(np.int8)
        case Not():
            return (YES - truth(condition.not_, readings)).astype(np.int8)
        case _:
            return compare(condition, readings)


def compare(test: Compare, readings: Mapping[str, Reading]) -> Truth:
    """int8 of shape (n,): whether one comparison holds for each row."""
    reading = readings[test.field]
    known = reading.known
    if test.is_ is not None:
        held = _is(test.is_, reading)
    else:
        name, bound = bound_of(test)
        held, both = _beyond(reading, name, bound, readings)
        known = known & both
    return np.where(known, np.where(held, YES, NO), UNKNOWN).astype(np.int8)


def bound_of(test: Compare) -> tuple[str, float | Operand]:
    """The name of the test against a number, and the number (or the field that holds it)."""
    return next((name, bound) for name in BOUNDS if (bound := getattr(test, name)) is not None)


def bound_values(bound: float | Operand, readings: Mapping[str, Reading], n: int) -> Floats:
    """The number that each row is held against; NaN where it is not known."""
    if isinstance(bound, Operand):
        return readings[bound.field].numbers + bound.plus
    return np.full(n, bound)


def _beyond(reading: Reading, name: str, bound: float | Operand, readings: Mapping[str, Reading]) -> tuple[Mask, Mask]:
    """Whether the test holds, and where it can be told; an edge reached to within 1e-9 counts as reached."""
    other = bound_values(bound, readings, len(reading))
    if isinstance(bound, Operand):
        above = band_codes(reading.numbers - other, [0.0], BOUNDS[name])
    else:
        above = band_codes(reading.numbers, [bound], BOUNDS[name])
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
