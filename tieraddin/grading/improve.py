"""The next step: the smallest change of a customer's own record that reaches a better grade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.after import After, Targets
from tieraddin.grading.blocks import first_rules, graded_items
from tieraddin.grading.conditions import NO, YES, Truths, bound_of, needed, operand_numbers, words_of
from tieraddin.grading.evaluate import Grading
from tieraddin.grading.groups import Group
from tieraddin.grading.movement import truth_of_flag
from tieraddin.grading.phrases import OPPOSITE
from tieraddin.grading.plans import Change, Plan, both, smallest
from tieraddin.grading.targets import rounded_up
from tieraddin.grading.totals import Totals
from tieraddin.kernels.bands import band_codes
from tieraddin.models.conditions import Compare, Condition, Not, Operand, parts_of
from tieraddin.models.sections import Move
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
)
from tieraddin.tables.values import Floats

TRIES = 32
"""How many plans are tried for one rule of a ladder."""

UNSURE = -2
"""In place of the number of a rule: it can't be told which one holds."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The grade that ``changes`` reach."""

    grade: str
    changes: Plan


class Improver:
    """Next steps of one grading.

    A plan is made for a `Group`: whatever it depends on is asked of the group, so that it fits all of its rows.
    """

    def __init__(self, grading: Grading) -> None:
        self.grading = grading
        self.model = grading.model
        self.readings = grading.readings
        self.fields = {field.name: field for field in self.model.fields}
        self.steps = {step.id: step for step in self.model.steps}
        self.truth = Truths(grading.readings)
        self.targets = Targets(grading)
        self._bands = cache(self._band_codes)
        self.entry = grading.result.code_of(self.model.grade_ids)
        movement = self.model.movement
        governs = movement is not None and movement.applies == "retier" and "current_grade" in self.readings
        self.moves = movement.moves if movement is not None and governs else []

    def next_step(self, group: Group) -> NextStep | None:
        """The smallest change that reaches a better grade; None where there is none to name.

        The grade that the rows have now counts as their current one, as it will when they are graded again.
        """
        if not self.model.ordered or not self.model.steps:
            return None
        code = group.ask(self.grading.codes)
        if code < 0 and self._blank(group):
            return None
        best: NextStep | None = None
        for grade in reversed(self.model.grade_ids[: code if code >= 0 else None]):
            plan = self._way(grade, code, group)
            if plan and (best is None or len(plan) < len(best.changes)):
                best = NextStep(grade, plan)
        return best

    def _blank(self, group: Group) -> bool:
        """Whether the rows have no grade because something is not known."""
        cause = self.grading.result.causes[group.ask(self.grading.result.cause)]
        return bool(cause.key != "grading.no_rule_holds" or cause.name != self.model.steps[-1].id)

    # ------------------------------------------------------------ movement

    def _way(self, grade: str, code: int, group: Group) -> Plan | None:
        """By a move of the model where one leads to ``grade``, else by the entry rules."""
        ids = self.model.grade_ids
        moves = [move for move in self.moves if code >= 0 and ids[code] in move.from_]
        direct = [k for k, move in enumerate(moves) if move.to == grade]
        if direct:
            return smallest(self._take(moves, k, group) for k in direct)
        if any(self._holds(move, group) for move in moves) or 0 <= group.ask(self.entry) <= ids.index(grade):
            return None
        return self.reach(self.model.steps[-1].id, "is", grade, group)

    def _take(self, moves: list[Move], k: int, group: Group) -> Plan | None:
        """How move ``k`` comes to hold; time alone can't be brought about."""
        move = moves[k]
        if move.after_days is not None or any(self._holds(earlier, group) for earlier in moves[:k]):
            return None
        plan = self._make(move.when, True, group) if move.when is not None else ()
        if move.needs_approval and not group.ask(truth_of_flag(self.readings.get("approved"), len(self.grading))):
            plan = both(plan, (Change("approved", "is", True),))
        return plan

    def _holds(self, move: Move, group: Group) -> bool:
        """Whether ``move`` would hold, were the present grade the current one (and new, if time is asked for)."""
        return move.after_days is None and (move.when is None or bool(group.ask(self.truth(move.when)) == YES))

    # ------------------------------------------------------------ fields and steps

    def reach(self, name: str, test: str, value: Any, group: Group) -> Plan | None:
        """How a field or step is brought to a value; None where it can't be."""
        if field := self.fields.get(name):
            return None if field.fixed or field.kind == "date" else (Change(name, test, value),)
        if name.partition(".")[0] in self.fields:
            return None  # the days since a date: time can't be brought about
        step = self.steps[name.partition(".")[0]]
        match step:
            case CumulativeShare() | RankShare():
                return self._reach_class(step, value, group)
            case Bands():
                return self._reach_band(step, value, group)
            case Ladder():
                return self._reach_rule(step, value, group)
            case LowestItem():
                return self._reach_items(step, value, group)
            case QuantileScores():
                return self._reach_score(step, name, test, value, group)
            case Grid():
                cells = [cell for cell in step.cells if cell.grade == value]
                return smallest(both(self._be(step.x, c.x, group), self._be(step.y, c.y, group)) for c in cells)
            case Lookup():
                words = [word for word, grade in step.table.items() if grade == value]
                return smallest(self.reach(step.input, "is", word, group) for word in words)
            case Scorecard():
                return Totals(self, step).reach(test, value, group)

    def _be(self, name: str, word: str, group: Group) -> Plan | None:
        """As `reach`, with nothing to do where the rows have that word already."""
        return () if self.word(name, group) == word else self.reach(name, "is", word, group)

    def word(self, name: str, group: Group) -> str | None:
        """The word that the rows have in a field or step; None where it is not known."""
        reading = self.readings[name]
        code = group.told(np.where(reading.known[group.rows], reading.values[group.rows], -1))
        return reading.names[code] if code >= 0 else None

    def _reach_class(self, step: CumulativeShare | RankShare, grade: str, group: Group) -> Plan | None:
        """P1, P2; None where the same target reaches a class that is better still."""
        k = step.grades.index(grade)
        targets = self.targets.of_classes(step)
        if k == len(targets) or group.told(np.isnan(targets[k][group.rows])):
            return None
        if k and group.told(targets[k - 1][group.rows] <= targets[k][group.rows]):
            return None
        return self.reach(step.input, "at_least", targets[k], group)

    def _reach_score(self, step: QuantileScores, name: str, test: str, value: Any, group: Group) -> Plan | None:
        """P8: only upwards."""
        measure = name.partition(".")[2]
        if not measure or test != "at_least" or not group.ask(self.readings[name].known):
            return None
        targets = self.targets.of_scores(step, measure)
        target = targets.of_fifth(int(np.ceil(value)))
        if group.told(np.isnan(target[group.rows])):
            return None
        return self.reach(measure, "at_most" if targets.descending else "at_least", target, group)

    def _reach_band(self, step: Bands, grade: str, group: Group) -> Plan | None:
        """P3: over the nearer edge. A word in place of a number lies beyond the band at the worse end."""
        now = group.ask(self._bands(step.id))
        if now < 0:
            rank = {grade: k for k, grade in enumerate(self.model.grade_ids)}
            first, last = (rank.get(step.bands[end].grade, -end) for end in (0, -1))
            now = len(step.bands) if first < last else -1
        wanted = [k for k, band in enumerate(step.bands) if band.grade == grade]
        for k in sorted(wanted, key=lambda k: abs(k - now)):
            down = k == 0 or k < min(now, len(step.edges))
            edge = k if down else k - 1
            upper = "at_most" if step.upper_closed[edge] else "below"
            plan = self.reach(step.input, upper if down else OPPOSITE[upper], step.edges[edge], group)
            if plan is not None and self._lands(step, grade, plan, group):
                return plan
        return None

    def _lands(self, step: Bands, grade: str, plan: Plan, group: Group) -> bool:
        """Whether ``plan`` leads to ``grade`` and not beyond, where the number is worked out from several items."""
        if step.input in self.fields:
            return True
        after = After(self.grading, self.targets, group.rows, plan)[step.id]
        return bool(group.told(after.known & (after.values == after.names.index(grade))))

    def _band_codes(self, id: str) -> NDArray[np.int8] | NDArray[np.int16]:
        step = self.steps[id]
        assert isinstance(step, Bands)
        return band_codes(self.readings[step.input].numbers, step.edges, step.upper_closed)

    def _reach_items(self, step: LowestItem, grade: str, group: Group) -> Plan | None:
        """P5: every item that is worse than ``grade`` is brought to it, or to a better one where that takes less."""
        wanted = step.grades.index(grade)
        plan: Plan | None = ()
        reached = 0
        for item in graded_items(step):
            now = self.word(item, group)
            rank = step.grades.index(now) if now in step.grades else len(step.grades)
            if rank > wanted:
                ways = [(k, self.reach(item, "is", step.grades[k], group)) for k in range(wanted, -1, -1)]
                rank, way = min(ways, key=lambda pair: np.inf if pair[1] is None else len(pair[1]))
                plan = both(plan, way)
            reached = max(reached, rank)
        return plan if reached == wanted else None  # else it is the plan of a better grade

    # ------------------------------------------------------------ P4

    def _reach_rule(self, step: Ladder, grade: str, group: Group) -> Plan | None:
        plans = [self._reach_rung(step, k, group) for k, rule in enumerate(step.rules) if rule.grade == grade]
        if step.otherwise == grade:
            plans.append(self._reach_rung(step, -1, group))
        return smallest(plans)

    def _reach_rung(self, step: Ladder, k: int, group: Group) -> Plan | None:
        """How rule ``k`` comes to be the first that holds (-1: how all come to fail): small plans are tried first."""
        plans = self._ways(step.rules[k].when, True, group) if k >= 0 else [()]
        for _ in range(TRIES):
            if not plans:
                return None
            plan = plans.pop(min(range(len(plans)), key=lambda place: len(plans[place])))
            first = self._first_after(step, plan, group)
            if first == k:
                return plan
            if 0 <= first < k or k < 0 <= first:
                ways = self._ways(step.rules[first].when, False, group)
                plans += [more for way in ways if (more := both(plan, way)) and len(more) > len(plan)]
        return None

    def _first_after(self, step: Ladder, plan: Plan, group: Group) -> int:
        rules, sure = first_rules(step, After(self.grading, self.targets, group.rows, plan))
        return int(group.told(np.where(sure, rules, UNSURE)))

    def _make(self, condition: Condition, wanted: bool, group: Group) -> Plan | None:
        """The smallest plan by which ``condition`` comes to hold, or to fail."""
        return smallest(self._ways(condition, wanted, group))

    def _ways(self, condition: Condition, wanted: bool, group: Group) -> list[Plan]:
        """The plans by which ``condition`` comes to hold, or to fail; of several parts, those that take least."""
        if group.ask(self.truth(condition)) == (YES if wanted else NO):
            return [()]
        if isinstance(condition, Compare):
            return self._ways_of_compare(condition, wanted, group)
        if isinstance(condition, Not):
            return self._ways(condition.not_, not wanted, group)
        parts = [self._ways(part, wanted, group) for part in parts_of(condition)]
        enough = needed(condition, wanted)
        if enough == 1:
            return [plan for plans in parts for plan in plans]
        possible = sorted((plans[0] for plans in (sorted(plans, key=len) for plans in parts) if plans), key=len)
        total: Plan | None = () if len(possible) >= enough else None
        for plan in possible[:enough]:
            total = both(total, plan)
        return [] if total is None else [total]

    def _ways_of_compare(self, test: Compare, wanted: bool, group: Group) -> list[Plan]:
        if test.known is not None:
            return []  # what is not known can't be named
        if isinstance(test.is_, bool):
            plans = [self.reach(test.field, "is", test.is_ == wanted, group)]
        elif test.is_ is not None:
            names = self.readings[test.field].names
            words = words_of(test) if wanted else [name for name in names if name not in words_of(test)]
            plans = [self.reach(test.field, "is", word, group) for word in words]
        else:
            name, bound = bound_of(test)
            name = name if wanted else OPPOSITE[name]
            plans = [self.reach(test.field, name, self._number(test.field, name, bound), group)]
            if isinstance(bound, Operand) and not group.ask(self.readings[bound.field].known):
                return []
        return [plan for plan in plans if plan is not None]

    def _number(self, name: str, test: str, bound: float | Operand) -> float | Floats:
        """What a bound is for each row; another field's numbers are rounded to what a field is named with."""
        if not isinstance(bound, Operand):
            return bound
        numbers, decimals = operand_numbers(bound, self.readings), self.targets.decimals(name)
        return rounded_up(numbers, decimals) if test in ("at_least", "above") else -rounded_up(-numbers, decimals)
