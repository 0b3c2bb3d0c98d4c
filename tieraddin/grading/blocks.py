"""The blocks P1-P9 applied to all rows: one function each, from readings to a reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.conditions import NO, UNKNOWN, truth
from tieraddin.grading.cutoffs import Cutoffs, cutoffs_at_hand
from tieraddin.grading.readings import Cause, Reading, all_known, where_known, without
from tieraddin.kernels.arrays import classes_below
from tieraddin.kernels.bands import band_codes
from tieraddin.kernels.quantiles import quantile_scores
from tieraddin.kernels.scorecard import weighted_scores
from tieraddin.models.conditions import Condition, condition_inputs
from tieraddin.models.steps import (
    Bands,
    CumulativeShare,
    Grid,
    Ladder,
    Lookup,
    LowestItem,
    QuantileScores,
    RankShare,
    Scorecard,
    Step,
)
from tieraddin.tables.values import Floats, Mask

Readings = Mapping[str, Reading]


def cumulative_share(step: CumulativeShare, readings: Readings, cutoffs: Sequence[Floats]) -> Reading:
    """P1. A total of 0 gives no grades."""
    source = readings[step.input]
    codes = classes_below(source.numbers, cutoffs[0])
    result = where_known("code", codes.astype(np.int32), [source], step.grades)
    without(result, codes < 0, Cause("grading.no_total", step.input))
    return result


def rank_share(step: RankShare, readings: Readings, cutoffs: Sequence[Floats]) -> Reading:
    """P2, or by amounts where the step has edges."""
    source = readings[step.input]
    if step.edges:
        codes = len(step.edges) - band_codes(source.numbers, step.edges[::-1]).astype(np.int32)
    else:
        codes = classes_below(source.numbers, cutoffs[0]).astype(np.int32)
    return where_known("code", codes, [source], step.grades)


def bands(step: Bands, readings: Readings) -> Reading:
    """P3. A word in place of the number has its own band."""
    source = readings[step.input]
    names = step.grades_named()
    of_band = np.array([names.index(band.grade) for band in step.bands] + [-1], np.int32)
    codes = of_band[band_codes(source.numbers, step.edges, step.upper_closed)]
    if source.word is not None:
        of_word = np.array(
            [names.index(step.words[w]) if w in step.words else -1 for w in source.words] + [-1], np.int32
        )
        codes = np.where(source.has_word, of_word[source.word], codes)
    result = where_known("code", codes, [source], names)
    without(result, codes < 0, Cause("grading.wrong", step.input))
    return result


def ladder(step: Ladder, readings: Readings) -> Reading:
    """P4. A rule that can't be told, before any that holds, leaves the row without a grade: what is blank decides."""
    names = step.grades_named()
    otherwise = -1 if step.otherwise is None else names.index(step.otherwise)
    of_rule = np.array([*(names.index(rule.grade) for rule in step.rules), otherwise], np.int32)
    rules, sure = first_rules(step, readings)
    result = all_known("code", np.where(sure, of_rule[rules], -1), names)
    for k in np.unique(rules[~sure]).tolist():
        _blame_inputs(result, step.rules[k].when, ~sure & (rules == k), readings)
    without(result, result.values < 0, Cause("grading.no_rule_holds", step.id))
    return result


def first_rules(step: Ladder, readings: Readings) -> tuple[NDArray[np.int16], Mask]:
    """For each row the first rule that holds or can't be told (-1 where all fail), and whether it can be told."""
    n = len(readings[step.inputs()[0]])
    rules, sure = np.full(n, -1, np.int16), np.ones(n, bool)
    open_ = np.ones(n, bool)
    for k, rule in enumerate(step.rules):
        held = truth(rule.when, readings)
        rules[open_ & (held != NO)] = k
        sure &= ~open_ | (held != UNKNOWN)
        open_ &= held == NO
    return rules, sure


def _blame_inputs(result: Reading, condition: Condition, rows: Mask, readings: Readings) -> None:
    """Give ``rows`` the cause of the first input of ``condition`` that is not known."""
    for name in condition_inputs(condition):
        missing = where_known("code", result.values, [readings[name]], [])
        blamed = rows & result.known & ~missing.known
        result.known = result.known & ~blamed
        result.cause[blamed] = missing.cause[blamed] + len(result.causes)
        result.causes = result.causes + missing.causes


def graded_items(step: LowestItem) -> list[str]:
    """The items that count for the grade."""
    return step.items + (step.aids if step.aids_as == "item" else [])


def lowest_item(step: LowestItem, readings: Readings) -> Reading:
    """P5. A missing item leaves the row without a grade."""
    items = graded_items(step)
    ranks = np.array([readings[item].code_of(step.grades) for item in items])
    result = where_known("code", ranks.max(axis=0), [readings[item] for item in items], step.grades)
    for item, rank in zip(items, ranks, strict=True):
        without(result, rank < 0, Cause("grading.wrong", item))
    return result


def scorecard(step: Scorecard, readings: Readings) -> Reading:
    """P6: the weighted mean on the step's scale."""
    low, high = step.scale
    items = []
    for item in step.items:
        source = readings[item.input]
        points = source.numbers if source.kind == "number" else source.values.astype(np.float64)
        if item.points:
            of_name = np.array([*(item.points.get(name, np.nan) for name in source.names), np.nan])
            points = of_name[np.where(source.known, source.values, -1)]
        items.append(np.where(source.known & (points >= low) & (points <= high), points, np.nan))
    scores = weighted_scores(items, [item.weight for item in step.items], step.missing)
    sources = [readings[item.input] for item in step.items]
    result = where_known("number", scores, sources if step.missing == "none" else [], [])
    without(result, np.isnan(scores), Cause("grading.off_scale", step.id))
    return result


def grid(step: Grid, readings: Readings) -> Reading:
    """P7."""
    x, y = readings[step.x], readings[step.y]
    names = step.grades_named()
    cells = {(cell.x, cell.y): names.index(cell.grade) for cell in step.cells}
    table = np.array([[cells.get((a, b), -1) for b in [*y.names, ""]] for a in [*x.names, ""]], np.int32)
    codes = table[np.where(x.known, x.values, -1), np.where(y.known, y.values, -1)]
    result = where_known("code", codes, [x, y], names)
    without(result, codes < 0, Cause("grading.no_rule_holds", step.id))
    return result


def quantile(step: QuantileScores, readings: Readings, cutoffs: Sequence[Floats]) -> dict[str, Reading]:
    """P8: the code, and as ``STEP.MEASURE`` each score, scaled to 1-5."""
    results = {}
    code = np.zeros(len(readings[step.measures[0].input]), np.int64)
    for k, measure in enumerate(step.measures):
        source = readings[measure.input]
        edges = step.edges[k] if step.edges else cutoffs[k]
        scores = quantile_scores(source.numbers, step.groups, descending=measure.descending, edges=edges)
        code = code * 10 + scores
        fifths = np.ceil(scores * 5 / step.groups)
        results[f"{step.id}.{measure.input}"] = where_known("number", fifths, [source], [])
    sources = [readings[measure.input] for measure in step.measures]
    return {step.id: where_known("number", code.astype(np.float64), sources, []), **results}


def lookup(step: Lookup, readings: Readings) -> Reading:
    """P9."""
    source = readings[step.input]
    names = step.grades_named()
    otherwise = names.index(step.otherwise) if step.otherwise is not None else -1
    of_name = [names.index(step.table[name]) if name in step.table else otherwise for name in source.names]
    result = where_known("code", source.lookup(np.array(of_name, np.int32)), [source], names)
    without(result, result.values < 0, Cause("grading.no_rule_holds", step.id))
    return result


ALONE: dict[str, Callable[[Any, Readings], Reading]] = {
    "bands": bands, "ladder": ladder, "lowest_item": lowest_item, "scorecard": scorecard, "grid": grid,
    "lookup": lookup,
}  # fmt: skip
"""The blocks that look at each row alone."""


def apply(step: Step, readings: Readings, cutoffs: Cutoffs | None = None) -> dict[str, Reading]:
    """What ``step`` says of every row, by name (most steps say one thing, under their own id).

    ``cutoffs`` are those among all customers, where the readings are not of all.
    """
    found = cutoffs_at_hand(step, readings) if cutoffs is None else cutoffs.get(step.id, [])
    match step:
        case QuantileScores():
            return quantile(step, readings, found)
        case CumulativeShare():
            return {step.id: cumulative_share(step, readings, found)}
        case RankShare():
            return {step.id: rank_share(step, readings, found)}
    return {step.id: ALONE[step.block](step, readings)}
