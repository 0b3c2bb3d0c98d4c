"""Next steps in words."""

from __future__ import annotations

from functools import partial

import numpy as np

from tieraddin.grading.evaluate import Grading
from tieraddin.grading.facts import Fact, Filled, literal, show_number, show_numbers
from tieraddin.grading.groups import Group, Words
from tieraddin.grading.improve import Improver
from tieraddin.grading.phrases import Phrases
from tieraddin.grading.plans import Change
from tieraddin.tables.values import Floats


class NextSteps(Words):
    """What would give each row a better grade, in one language."""

    def __init__(self, grading: Grading, phrases: Phrases) -> None:
        self.improver = Improver(grading)
        self.phrases = phrases
        self.grading = grading
        self._numbers: dict[str, Floats] = {}
        super().__init__(len(grading), self._of_group)

    def _of_group(self, group: Group) -> Filled | None:
        step = self.improver.next_step(group)
        if step is None:
            return None
        changes = self.phrases.listed(self._words(change, group) for change in step.changes)
        return self.phrases.filled(
            self.phrases.say("step", grade=literal(self.phrases.grade_labels[step.grade]), changes=changes)
        )

    def _words(self, change: Change, group: Group) -> str:
        name, value = change.field, change.value
        label = self.phrases.label(name)
        if change.test == "is":
            word = (
                self.phrases.say("yes" if value else "no")
                if isinstance(value, bool)
                else self.phrases.word(name, value)
            )
            return self.phrases.say("change_is", field=label, value=literal(word))
        blank = group.told(np.isnan(self.grading.readings[name].numbers[group.rows]))
        bound = self._number(change, "bound", change.of(group.rows), group)
        words = self.phrases.say(f"change_{change.test}", field=label, bound=bound)
        if blank or change.test != "at_least":
            return words
        more = change.of(group.rows) - self.grading.readings[name].values[group.rows]
        return self.phrases.say("by_more", change=words, difference=self._number(change, "more", more, group))

    def _number(self, change: Change, what: str, value: float | Floats, group: Group) -> str:
        """A number in a sentence; one that differs from row to row in the decimals of its field."""
        show = self.phrases.show(change.field)
        if not isinstance(value, np.ndarray):
            return show(value)
        name = f"{what} {change.field} {change.test}"
        if name not in self._numbers:
            decimals = self.improver.targets.decimals(change.field)
            self._numbers[name] = np.full(len(self.grading), np.nan)
            at_once = partial(show_numbers, decimals=decimals) if show is show_number else None
            self.phrases.slot(name, Fact(self._numbers[name].item, lambda number: show(number, decimals), at_once))
        self._numbers[name][group.rows] = value
        return self.phrases.value(name)
