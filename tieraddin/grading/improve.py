"""The next step: the smallest change of a customer's own record that reaches a better grade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from math import isnan
from typing import Any

import numpy as np

from tieraddin.grading.conditions import BOUNDS, bound_of, bound_values
from tieraddin.grading.evaluate import Grading
from tieraddin.grading.phrases import Phrases
from tieraddin.grading.targets import RankTargets, ScoreTargets, ShareTargets
from tieraddin.kernels.bands import band_codes
from tieraddin.models.conditions import AnyOf, AtLeast, Compare, Condition, Not, Operand, parts_of
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

OPPOSITE = {"at_least": "below", "below": "at_least", "above": "at_most", "at_most": "above"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field brought to a value: ``test`` is "is" or one of the bounds."""

    field: str
    test: str
    value: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes of fields, and what the fields and steps that they touch would then say."""

    changes: tuple[Change, ...] = ()
    then: dict[str, Any] = field(default_factory=dict)

    def __add__(self, other: Plan) -> Plan:
        return Plan(self.changes + tuple(c for c in other.changes if c not in self.changes), self.then | other.then)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The grade that ``changes`` reach."""

    grade: str
    changes: tuple[Change, ...]


def _smallest(plans: Iterable[Plan | None]) -> Plan | None:
    return min((plan for plan in plans if plan is not None), key=lambda plan: len(plan.changes), default=None)


class Improver:
    """Next steps for the rows of one grading."""

    def __init__(self, grading: Grading) -> None:
        self.grading = grading
        self.model = grading.model
        self.fields = {field.name: field for field in self.model.fields}
        self.steps = {step.id: step for step in self.model.steps}
        self.phrases = Phrases(grading, "en")
        self.entry = grading.result.code_of(self.model.grade_ids).tolist()
        self.share_targets = cache(self._share_targets)
        self.score_targets = cache(self._score_targets)

    def next_step(self, i: int) -> NextStep | None:
        """The smallest change of row ``i`` that reaches a better grade; None where there is none to name."""
        if not self.model.ordered or not self.model.steps:
            return None
        code = self.entry[i]
        if code < 0 and self.grading.result.causes[self.grading.result.cause[i]].key != "grading.no_rule_holds":
            return None
        best: NextStep | None = None
        for grade in reversed(self.model.grade_ids[: code if code >= 0 else None]):
            plan = self.reach(self.model.steps[-1].id, "is", grade, i)
            if plan is not None and plan.changes and (best is None or len(plan.changes) < len(best.changes)):
                best = NextStep(self._reached(plan, grade), plan.changes)
        return best

    def _reached(self, plan: Plan, grade: str) -> str:
        return str(plan.then.get(self.model.steps[-1].id, grade))

    def reach(self, name: str, test: str, value: Any, i: int) -> Plan | None:
        """How row ``i`` brings a field or step to a value; None where it can't."""
        if name in self.fields:
            return None if self.fields[name].fixed else Plan((Change(name, test, value),), {name: (test, value)})
        step = self.steps[name.partition(".")[0]]
        match step:
            case CumulativeShare() | RankShare():
                return self._reach_class(step, value, i)
            case Bands():
                return self._reach_band(step, value, i)
            case Ladder():
                return self._reach_rule(step, value, i)
            case LowestItem():
                return self._reach_items(step, value, i)
            case QuantileScores():
                return self._reach_score(step, name, test, value, i)
            case Grid():
                cells = (cell for cell in step.cells if cell.grade == value)
                return _smallest(self._both(self._be(step.x, c.x, i), self._be(step.y, c.y, i)) for c in cells)
            case Lookup():
                return _smallest(
                    self.reach(step.input, "is", w, i) for w, grade in step.table.items() if grade == value
                )
            case Scorecard():
                return self._reach_total(step, test, value, i)

    def _be(self, name: str, word: str, i: int) -> Plan | None:
        """As `reach`, with nothing to do where row ``i`` has that word already."""
        reading = self.grading.readings[name]
        there = reading.known[i] and reading.names[reading.values[i]] == word if reading.kind == "code" else False
        return Plan() if there else self.reach(name, "is", word, i)

    @staticmethod
    def _both(first: Plan | None, second: Plan | None) -> Plan | None:
        return None if first is None or second is None else first + second

    # ------------------------------------------------------------ P1, P2, P8

    def _share_targets(self, id: str) -> list[list[float]]:
        step = self.steps[id]
        assert isinstance(step, (CumulativeShare, RankShare))
        numbers = self.grading.readings[step.input].numbers
        targets = ShareTargets(step, numbers) if isinstance(step, CumulativeShare) else RankTargets(step, numbers)
        return [targets.of_class(k).tolist() for k in range(len(step.grades) - 1)]

    def _reach_class(self, step: CumulativeShare | RankShare, grade: str, i: int) -> Plan | None:
        k = step.grades.index(grade)
        if k == len(step.grades) - 1:
            return None
        targets = self.share_targets(step.id)
        target = targets[k][i]
        while k and targets[k - 1][i] <= target:
            k -= 1
        plan = self.reach(step.input, "at_least", target, i) if not isnan(target) else None
        return plan + Plan((), {step.id: step.grades[k]}) if plan else None

    def _score_targets(self, id: str, measure: str) -> ScoreTargets:
        step = self.steps[id]
        assert isinstance(step, QuantileScores)
        of = next(m for m in step.measures if m.input == measure)
        return ScoreTargets(step, of, self.grading.readings[measure].numbers)

    def _reach_score(self, step: QuantileScores, name: str, test: str, value: Any, i: int) -> Plan | None:
        measure = name.partition(".")[2]
        if test != "at_least" or not self.grading.readings[name].known[i]:
            return None
        targets = self.score_targets(step.id, measure)
        target = targets.target(i, int(value))
        if target is None:
            return None
        plan = self.reach(measure, "at_most" if targets.descending else "at_least", target, i)
        return plan + Plan((), {name: ("at_least", targets.score_with(i, target))}) if plan else None

    # ------------------------------------------------------------ P3, P5, P6

    def _reach_band(self, step: Bands, grade: str, i: int) -> Plan | None:
        reading = self.grading.readings[step.input]
        now = int(band_codes(reading.numbers[i : i + 1], step.edges, step.upper_closed)[0])
        plans = []
        for k, band in enumerate(step.bands):
            if band.grade != grade:
                continue
            if k < now:
                test = "at_most" if step.upper_closed[k] else "below"
                plans.append((now - k, self.reach(step.input, test, step.edges[k], i)))
            elif k > now and k > 0:
                test = "above" if step.upper_closed[k - 1] else "at_least"
                plans.append((k - now, self.reach(step.input, test, step.edges[k - 1], i)))
            else:
                test = "at_most" if step.upper_closed[k] else "below"
                plans.append((0, self.reach(step.input, test, step.edges[k], i)))
        found = _smallest(plan for _, plan in sorted(plans, key=lambda pair: pair[0]))
        return found + Plan((), {step.id: grade}) if found else None

    def _reach_items(self, step: LowestItem, grade: str, i: int) -> Plan | None:
        wanted = step.grades.index(grade)
        plan = Plan((), {step.id: grade})
        for item in step.items + (step.aids if step.aids_as == "item" else []):
            rank = int(self.grading.readings[item].code_of(step.grades)[i])
            if 0 <= rank <= wanted:
                continue
            change = self.reach(item, "is", grade, i)
            if change is None:
                return None
            plan += change
        return plan

    def _reach_total(self, step: Scorecard, test: str, value: Any, i: int) -> Plan | None:
        """The items with most weight are raised first, each as far as is needed."""
        if test not in ("at_least", "above") or not self.grading.readings[step.id].known[i]:
            return None
        top, total = step.scale[1], sum(item.weight for item in step.items)
        lack = (float(value) - float(self.grading.readings[step.id].values[i])) * total
        plan = Plan((), {step.id: (test, value)})
        for item in sorted(step.items, key=lambda item: -item.weight):
            reading = self.grading.readings[item.input]
            if lack <= 0:
                break
            if reading.kind != "number" or item.points or not reading.known[i]:
                continue
            now = float(reading.values[i])
            goal = min(top, float(np.ceil((now + lack / item.weight) * 100) / 100))
            change = self.reach(item.input, "at_least", goal, i) if goal > now else None
            if change is not None:
                plan += change
                lack -= (goal - now) * item.weight
        return plan if lack <= 1e-9 else None

    # ------------------------------------------------------------ P4

    def _reach_rule(self, step: Ladder, grade: str, i: int) -> Plan | None:
        plans = []
        for k, rule in enumerate(step.rules):
            if rule.grade != grade:
                continue
            plan = self._make(rule.when, True, i)
            for earlier in step.rules[:k]:
                if plan is not None and self._held(earlier.when, i, plan.then):
                    plan = self._both(plan, self._make(earlier.when, False, i))
            if plan is not None and self._first(step, i, plan.then) == k:
                plans.append(plan)
        found = _smallest(plans)
        return found + Plan((), {step.id: grade}) if found else None

    def _first(self, step: Ladder, i: int, then: dict[str, Any]) -> int:
        return next((k for k, rule in enumerate(step.rules) if self._held(rule.when, i, then)), -1)

    def _make(self, condition: Condition, wanted: bool, i: int) -> Plan | None:
        """The smallest plan by which ``condition`` comes to hold for row ``i``, or not to hold."""
        if self._held(condition, i, {}) == wanted:
            return Plan()
        if isinstance(condition, Compare):
            return self._make_compare(condition, wanted, i)
        if isinstance(condition, Not):
            return self._make(condition.not_, not wanted, i)
        parts = [self._make(part, wanted, i) for part in parts_of(condition)]
        needed = self._needed(condition, wanted)
        possible = sorted((plan for plan in parts if plan is not None), key=lambda plan: len(plan.changes))
        if len(possible) < needed:
            return None
        total = Plan()
        for plan in possible[:needed]:
            total += plan
        return total

    @staticmethod
    def _needed(condition: Condition, wanted: bool) -> int:
        """How many parts of a combined condition must (not) hold, that the whole does (not) hold."""
        n = len(parts_of(condition))
        held = condition.at_least_k if isinstance(condition, AtLeast) else 1 if isinstance(condition, AnyOf) else n
        return held if wanted else n - held + 1

    def _make_compare(self, test: Compare, wanted: bool, i: int) -> Plan | None:
        if test.is_ is None:
            name, bound = bound_of(test)
            value = (
                bound_values(bound, self.grading.readings, len(self.grading))[i]
                if isinstance(bound, Operand)
                else bound
            )
            return self.reach(test.field, name if wanted else OPPOSITE[name], float(value), i)
        if isinstance(test.is_, bool):
            return self.reach(test.field, "is", test.is_ == wanted, i)
        words = [test.is_] if isinstance(test.is_, str) else test.is_
        if not wanted:
            words = [name for name in self.grading.readings[test.field].names if name not in words]
        return _smallest(self.reach(test.field, "is", word, i) for word in words)

    def _held(self, condition: Condition, i: int, then: dict[str, Any]) -> bool:
        """Whether ``condition`` holds for row ``i``, ``then`` being what some fields and steps would say."""
        if isinstance(condition, Compare):
            return self._compare_then(condition, i, then)
        held = [self._held(part, i, then) for part in parts_of(condition)]
        if isinstance(condition, Not):
            return not held[0]
        return sum(held) >= self._needed(condition, True)

    def _compare_then(self, test: Compare, i: int, then: dict[str, Any]) -> bool:
        bound = bound_of(test)[1] if test.is_ is None else None
        operand = bound.field if isinstance(bound, Operand) else None
        if test.field not in then and operand not in then:
            return self.phrases.holds(test, i)
        now = _value_then(then[test.field]) if test.field in then else self.grading.readings[test.field].values[i]
        if test.is_ is not None:
            return now in test.is_ if isinstance(test.is_, list) else bool(now == test.is_)
        if isinstance(bound, Operand):
            other = self.grading.readings[bound.field].values[i]
            limit = (_value_then(then[bound.field]) if bound.field in then else other) + bound.plus
        else:
            limit = bound
        name = bound_of(test)[0]
        above = band_codes([float(now) - float(limit)], [0.0], BOUNDS[name])[0]
        return bool(above == (1 if name in ("at_least", "above") else 0))


def _value_then(said: Any) -> Any:
    """The value that a change leads to: on the bound itself, or just beyond an open one."""
    if not isinstance(said, tuple):
        return said
    test, value = said
    nudge = {"above": 1e-6, "below": -1e-6}.get(test, 0.0) * max(1.0, abs(value)) if test != "is" else 0.0
    return value if test == "is" else value + nudge


class NextSteps:
    """Next steps in words, in one language."""

    def __init__(self, grading: Grading, phrases: Phrases) -> None:
        self.improver = Improver(grading)
        self.phrases = phrases
        self.grading = grading

    def __call__(self, i: int) -> str | None:
        """What would give row ``i`` a better grade; None where there is nothing to name."""
        step = self.improver.next_step(i)
        if step is None or self.grading.codes[i] != self.improver.entry[i]:
            return self._by_movement(i)
        changes = self.phrases.listed(self._words(change, i) for change in step.changes)
        return self.phrases.say("step", grade=self.phrases.grade_labels[step.grade], changes=changes)

    def _words(self, change: Change, i: int) -> str:
        label = self.phrases.label(change.field)
        if change.test == "is":
            value = change.value
            said = (
                self.phrases.say("yes" if value else "no")
                if isinstance(value, bool)
                else self.phrases.word(change.field, value)
            )
            return self.phrases.say("change_is", field=label, value=said)
        bound = self.phrases.number(change.field, change.value)
        words = self.phrases.say(f"change_{change.test}", field=label, bound=bound)
        now = self.grading.readings[change.field].numbers[i]
        if change.test != "at_least" or isnan(now):
            return words
        return self.phrases.say(
            "by_more", change=words, difference=self.phrases.number(change.field, change.value - now)
        )

    def _by_movement(self, i: int) -> str | None:
        """The move that leads up from the grade of row ``i``, where its condition is one flag to be recorded."""
        model = self.grading.model
        code = int(self.grading.codes[i])
        if model.movement is None or model.movement.applies != "retier" or code < 0:
            return None
        for move in model.movement.moves:
            up = model.grade_ids[code] in move.from_ and model.grade_ids.index(move.to) < code
            if up and isinstance(move.when, Compare) and move.when.is_ is not None:
                field, value = self.phrases.label(move.when.field), self.phrases.wanted(move.when)
                return self.phrases.say(
                    "step_movement", grade=self.phrases.grade_labels[move.to], field=field, value=value
                )
        return None
