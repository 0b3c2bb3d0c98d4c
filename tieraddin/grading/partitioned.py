"""A table graded part by part: the cutoffs among all customers, found in passes over the parts.

Steps that compare all customers are searched for side by side; a step that reads another such step (a rank among scores
that are quantiles) waits until that one's cutoffs are known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from tieraddin.grading.cutoffs import Cutoffs, compares_all, cutoff_searches, narrowed
from tieraddin.grading.evaluate import read_table
from tieraddin.kernels.tally import Tally, Wish, tallies
from tieraddin.models.schema import Model
from tieraddin.models.steps import Step
from tieraddin.tables.values import Floats, Table

Answer: TypeAlias = list[list[Tally]]
"""For each question the tallies of its wish."""


class Question(NamedTuple):
    """A wish for the numbers of one field or step."""

    input: str
    wish: Wish


class Pass(NamedTuple):
    """What one pass over all parts asks, with the cutoffs that earlier passes found."""

    questions: tuple[Question, ...]
    cutoffs: Cutoffs

    def narrowed(self, model: Model) -> Model:
        """``model`` with what the questions need and no more."""
        return narrowed(model, [question.input for question in self.questions])

    def answer(self, model: Model, table: Table, places: Mapping[str, tuple[int, float]], as_of: dt.date) -> Answer:
        """What a part of the customers answers; ``model`` is the narrowed one."""
        _, readings = read_table(model, table, places, as_of, self.cutoffs)
        return [tallies(readings[question.input].numbers, question.wish) for question in self.questions]


def merged(one: Answer, other: Answer) -> Answer:
    """The answer of the customers of both."""
    return [[a.merged(b) for a, b in zip(*pair, strict=True)] for pair in zip(one, other, strict=True)]


def find_cutoffs(model: Model, ask: Callable[[Pass], Answer]) -> Cutoffs:
    """The cutoffs of all steps that compare all customers.

    Parameters
    ----------
    ask
        makes one pass: the merged answer of all parts.
    """
    found: dict[str, Sequence[Floats]] = {}
    while ready := _ready(model, found):
        found = found | _searched(ready, found, ask)
    return found


def _ready(model: Model, found: Cutoffs) -> list[Step]:
    """The steps whose cutoffs can be looked for, since those that they rest on are known."""

    def known(step: Step) -> bool:
        return not compares_all(step) or step.id in found

    return [
        step
        for step in model.steps
        if not known(step) and all(known(before) for before in narrowed(model, step.inputs()).steps)
    ]


def _searched(steps: list[Step], cutoffs: Cutoffs, ask: Callable[[Pass], Answer]) -> dict[str, Sequence[Floats]]:
    """The cutoffs of ``steps``, all searches going on in the same passes, by those found before."""
    names = {(step.id, k): name for step in steps for k, name in enumerate(step.inputs())}
    searches = {(step.id, k): search for step in steps for k, search in enumerate(cutoff_searches(step))}
    wishes = {key: next(search) for key, search in searches.items()}
    done: dict[tuple[str, int], Floats] = {}
    while wishes:
        answers = ask(Pass(tuple(Question(names[key], wish) for key, wish in wishes.items()), cutoffs))
        for key, answer in zip(list(wishes), answers, strict=True):
            try:
                wishes[key] = searches[key].send(answer)
            except StopIteration as end:
                done[key] = end.value
                del wishes[key]
    return {step.id: [done[step.id, k] for k in range(len(step.inputs()))] for step in steps}
