"""Who holds a customer (P12): held, warned before a release, or released to others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.conditions import YES, truth
from tieraddin.grading.readings import Cause, Reading, all_known, where_known, without
from tieraddin.models.sections import Ownership, OwnershipRule
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import Mask

STATES = ["held", "warned", "released"]


def deciding_rules(ownership: Ownership, readings: Mapping[str, Reading], as_of: int) -> NDArray[np.int16]:
    """int16 of shape (n,): the first rule that holds on day ``as_of`` (days since 1970), -1 where none does."""
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


def _holds(rule: OwnershipRule, readings: Mapping[str, Reading], as_of: int) -> Mask:
    n = len(next(iter(readings.values())))
    held: Mask = np.ones(n, bool) if rule.when is None else truth(rule.when, readings) == YES
    if not rule.since:
        return held
    dates = [readings[name] for name in rule.since]
    latest = np.maximum.reduce([np.where(date.known, date.values, NO_DAY) for date in dates])
    held &= latest != NO_DAY
    if rule.at_least_days is not None:
        held &= latest <= as_of - rule.at_least_days
    if rule.at_most_days is not None:
        held &= latest >= as_of - rule.at_most_days
    return held
