"""What fields and steps would say of some rows, were their records changed: as far as a change can be followed."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from tieraddin.grading.blocks import ALONE
from tieraddin.grading.evaluate import Grading
from tieraddin.grading.plans import Plan, Rows
from tieraddin.grading.readings import Reading
from tieraddin.grading.targets import RankTargets, ScoreTargets, ShareTargets, decimals_of
from tieraddin.models.steps import CumulativeShare, QuantileScores, RankShare, Step
from tieraddin.tables.values import Floats


class Targets:
    """The targets of the steps that depend on all customers, and the decimals of fields, each worked out once."""

    def __init__(self, grading: Grading) -> None:
        self.grading = grading
        self._classes: dict[str, list[Floats]] = {}
        self._scores: dict[str, ScoreTargets] = {}
        self._decimals: dict[str, int] = {}

    def decimals(self, name: str) -> int:
        """How many decimals a target of a field is named with."""
        if name not in self._decimals:
            self._decimals[name] = decimals_of(self.grading.readings[name].numbers)
        return self._decimals[name]

    def of_classes(self, step: CumulativeShare | RankShare) -> list[Floats]:
        """For each class but the last what every row would have to reach."""
        if step.id not in self._classes:
            numbers = self.grading.readings[step.input].numbers
            of = ShareTargets(step, numbers) if isinstance(step, CumulativeShare) else RankTargets(step, numbers)
            self._classes[step.id] = [of.of_class(k) for k in range(len(step.grades) - 1)]
        return self._classes[step.id]

    def of_scores(self, step: QuantileScores, measure: str) -> ScoreTargets:
        """The targets of one measure of ``step``."""
        name = f"{step.id}.{measure}"
        if name not in self._scores:
            of = next(m for m in step.measures if m.input == measure)
            self._scores[name] = ScoreTargets(step, of, self.grading.readings[measure].numbers)
        return self._scores[name]


class After(dict[str, Reading]):
    """The readings of ``rows`` after ``plan``, each made when it is asked for."""

    def __init__(self, grading: Grading, targets: Targets, rows: Rows, plan: Plan) -> None:
        super().__init__()
        self.grading = grading
        self.targets = targets
        self.rows = rows
        self.changes = {change.field: change for change in plan}

    def __missing__(self, name: str) -> Reading:
        step = self._steps.get(name.partition(".")[0])
        if step is None:
            reading = self._field(name)
        elif not self._touched(step):
            reading = self.grading.readings[name].take(self.rows)
        else:
            match step:
                case CumulativeShare() | RankShare():
                    reading = self._class(step)
                case QuantileScores():
                    reading = self._score(step, name)
                case _:
                    reading = ALONE[step.block](step, self)
        self[name] = reading
        return reading

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {step.id: step for step in self.grading.model.steps}

    def _touched(self, step: Step) -> bool:
        for name in step.inputs():
            below = self._steps.get(name.partition(".")[0])
            if name in self.changes or (below is not None and self._touched(below)):
                return True
        return False

    def _field(self, name: str) -> Reading:
        before = self.grading.readings[name].take(self.rows)
        change = self.changes.get(name)
        if change is None:
            return before
        n = len(before)
        word = None if before.word is None else np.full(n, -1, np.int8)
        value, names = change.of(self.rows), before.names
        if isinstance(value, str) and before.kind == "code":
            names = list(dict.fromkeys([*names, value]))
            value = names.index(value)
        elif isinstance(value, str):
            word, value = np.full(n, before.words.index(value), np.int8), np.nan
        elif change.test in ("above", "below"):
            value = value + (1e-6 if change.test == "above" else -1e-6) * np.maximum(1.0, np.abs(value))
        values = np.broadcast_to(np.asarray(value, before.values.dtype), n)
        return Reading(before.kind, values, np.ones(n, bool), before.cause, [], names, word, before.words)

    def _class(self, step: CumulativeShare | RankShare) -> Reading:
        """The best class whose target is reached; not known where the value falls."""
        before, number = self.grading.readings[step.id].take(self.rows), self[step.input].numbers
        codes = np.full(len(self.rows), len(step.grades) - 1, np.int32)
        for k, target in reversed(list(enumerate(self.targets.of_classes(step)))):
            codes[number >= target[self.rows]] = k
        risen = number >= self.grading.readings[step.input].numbers[self.rows]
        return Reading("code", codes, before.known & risen, before.cause, before.causes, before.names)

    def _score(self, step: QuantileScores, name: str) -> Reading:
        before, measure = self.grading.readings[name].take(self.rows), name.partition(".")[2]
        if not measure:  # the code of all measures
            return Reading("number", before.values, np.zeros(len(self.rows), bool), before.cause, before.causes)
        scores = self.targets.of_scores(step, measure).score_with(self.rows, self[measure].numbers)
        return Reading("number", scores, before.known, before.cause, before.causes)
