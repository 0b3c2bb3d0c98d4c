"""How a weighted total (P6) is raised: which items, and how far each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tieraddin.grading.groups import Group
from tieraddin.grading.plans import Plan, both, smallest
from tieraddin.grading.targets import rounded_up
from tieraddin.kernels.arrays import EPS
from tieraddin.models.steps import Scorecard, ScoreItem
from tieraddin.tables.values import Floats

if TYPE_CHECKING:
    from tieraddin.grading.improve import Improver


class Totals:
    """The ways to raise the total of one scorecard."""

    def __init__(self, improver: Improver, step: Scorecard) -> None:
        self.improver = improver
        self.step = step

    def reach(self, test: str, value: float, group: Group) -> Plan | None:
        """P6: one item where that is enough; else those with most weight first, each as far as is needed."""
        if test not in ("at_least", "above") or not group.ask(self.improver.readings[self.step.id].known):
            return None
        weight = sum(np.where(self.improver.readings[item.input].known, item.weight, 0.0) for item in self.step.items)
        lack = (value - self.improver.readings[self.step.id].numbers) * weight + (1e-6 if test == "above" else 0.0)
        items = sorted(self.step.items, key=lambda item: -item.weight)
        alone = [raised for item in items if (raised := self._raise(item, lack, group))]
        if one := smallest(plan for plan, gain in alone if group.ask(lack <= gain + EPS)):
            return one
        total: Plan = ()
        for item in items:
            raised = self._raise(item, lack, group)
            if raised is None or (plan := both(total, raised[0])) is None:
                continue
            total, lack = plan, lack - raised[1]
            if group.ask(lack <= EPS):
                return total
        return None

    def _raise(self, item: ScoreItem, lack: Floats, group: Group) -> tuple[Plan, Floats] | None:
        """How ``item`` makes up for a weighted ``lack``, or for as much of it as it can; and how much that is."""
        source = self.improver.readings[item.input]
        if not group.ask(source.known):
            return None
        if item.points:
            return self._raise_word(item, lack, group)
        if source.kind != "number":
            return None
        decimals = 2 if item.input in self.improver.steps else self.improver.targets.decimals(item.input)
        goal = np.minimum(self.step.scale[1], rounded_up(source.numbers + lack / item.weight, decimals))
        plan = self.improver.reach(item.input, "at_least", goal, group) if group.ask(goal > source.numbers) else None
        return None if plan is None else (plan, (goal - source.numbers) * item.weight)

    def _raise_word(self, item: ScoreItem, lack: Floats, group: Group) -> tuple[Plan, Floats] | None:
        """The word with fewest points that is enough, else the best that can be reached."""
        now = item.points.get(self.improver.word(item.input, group) or "", np.inf)
        better = sorted((points, word) for word, points in item.points.items() if points > now)
        best = None
        for points, word in better:
            if (plan := self.improver.reach(item.input, "is", word, group)) is not None:
                best = plan, np.full(len(lack), (points - now) * item.weight)
                if group.ask(lack <= best[1] + EPS):
                    break
        return best
