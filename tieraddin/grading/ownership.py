"""Who holds a customer (P12): held, warned before a release, or released to others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.conditions import YES, truth
from tieraddin.grading.readings import Cause, Reading, all_known, where_known, without
from tieraddin.models.sections import Ownership, OwnershipRule
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Mask

STATES = ["held", "warned", "released"]


def deciding_rules(ownership: Ownership, readings: Mapping[str, Reading], as_of: int | Days) -> NDArray[np.int16]:
    """int16 of shape (n,): the first rule that holds on day ``as_of`` (days since 1970), -1 where none does.

    ``as_of`` may be a day for each row.
    """
    decided = np.full(len(next(iter(readings.values()))), -1, np.int16)
    for k, rule in enumerate(ownership.rules):
        decided[(decided < 0) & _holds(rule, readings, as_of)] = k
    return decided


def state_of(ownership: Ownership, readings: Mapping[str, Reading], rules: NDArray[np.int16]) -> Reading:
    """The state that the deciding rule gives; a row that none decides lacks the last date that is counted from."""
    states = np.array([STATES.index(rule.state) for rule in ownership.rules] + [-1], np.int32)
    result = all_known("code", states[rules], STATES)
    dates = [name for rule in ownership.rules for name in rule.since]
    if dates:
        missing = where_known("code", result.values, [readings[dates[-1]]], STATES)
        result.known = missing.known | (rules >= 0)
        result.cause, result.causes = missing.cause, missing.causes
    without(result, rules < 0, Cause("grading.no_rule_holds"))
    return result


def _holds(rule: OwnershipRule, readings: Mapping[str, Reading], as_of: int | Days) -> Mask:
    n = len(next(iter(readings.values())))
    held: Mask = np.ones(n, bool) if rule.when is None else truth(rule.when, readings) == YES
    if not rule.since:
        return held
    latest = _latest(rule, readings)
    held &= latest != NO_DAY
    if rule.at_least_days is not None:
        held &= latest <= as_of - rule.at_least_days
    if rule.at_most_days is not None:
        held &= latest >= as_of - rule.at_most_days
    return held


def _latest(rule: OwnershipRule, readings: Mapping[str, Reading]) -> Days:
    """The day from which the days of ``rule`` count."""
    return np.asarray(np.maximum.reduce([readings[name].days for name in rule.since]))


def release_days(ownership: Ownership, readings: Mapping[str, Reading], as_of: int) -> Days:
    """The day on which each row is, or was, released as days go by; `NO_DAY` where no day brings that.

    For a row that is released on day ``as_of`` the day from which it has been (where days, not a yes or no, released
    it), for another the first to come. What people may still do is left out of account.
    """
    rules = deciding_rules(ownership, readings, as_of)
    n = len(rules)
    is_released = np.array([*(rule.state == "released" for rule in ownership.rules), False])
    now, dated = is_released[rules], np.array([*(bool(rule.since) for rule in ownership.rules), False])[rules]
    result = np.full(n, NO_DAY)
    turns = np.sort(np.array(list(_turning_days(ownership, readings))).reshape(-1, n), axis=0)
    states = [is_released[deciding_rules(ownership, readings, days)] & (days != NO_DAY) for days in turns]
    for days, there in zip(turns, states, strict=True):
        past = days <= as_of
        result = np.where(now & past & there & (result == NO_DAY), days, result)
        result = np.where(now & past & ~there, NO_DAY, result)
        result = np.where(~now & ~past & there & (result == NO_DAY), days, result)
    return np.where(now & ~dated, NO_DAY, result)


def _turning_days(ownership: Ownership, readings: Mapping[str, Reading]) -> Iterator[Days]:
    """The days on which a rule begins or ceases to hold."""
    for rule in ownership.rules:
        if rule.since:
            latest = _latest(rule, readings)
            for days in (rule.at_least_days or 0, None if rule.at_most_days is None else rule.at_most_days + 1):
                if days is not None:
                    yield np.where(latest == NO_DAY, NO_DAY, np.maximum(latest, -(10**6)) + days)
