"""Why rows have their grades, in words: one template for rows that are alike, filled in when a row is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from string import Formatter
from typing import Any, TypeAlias

import numpy as np

from tieraddin.grading.blocks import graded_items
from tieraddin.grading.conditions import YES
from tieraddin.grading.evaluate import Grading
from tieraddin.grading.facts import Fact, Filled, literal, show_share
from tieraddin.grading.groups import Group, Words
from tieraddin.grading.misread import misread
from tieraddin.grading.movement import HELD, NONE, SETTLED, truth_of_flag
from tieraddin.grading.phrases import Phrases
from tieraddin.kernels.pareto import pareto_shares
from tieraddin.kernels.ranks import ranks
from tieraddin.models.steps import (
    Bands,
    CumulativeShare,
    Grid,
    Ladder,
    Lookup,
    LowestItem,
    RankShare,
    Step,
)
from tieraddin.tables.values import Mask

Note: TypeAlias = tuple[Mask, str]
"""What is to be known of some rows, as a template."""


class Reasons(Words):
    """Why each row has its grade, or why it has none, in one language.

    Parameters
    ----------
    phrases
        the words of the grading.
    score
        the score of a row as it is shown, None for none.
    notes
        what else is to be known of some rows.
    """

    def __init__(
        self, grading: Grading, phrases: Phrases, score: Callable[[int], Any], notes: Sequence[Note] = ()
    ) -> None:
        self.grading, self.phrases, self.lang = grading, phrases, phrases.lang
        self.score = score
        self.notes = [*self._own_notes(), *notes]
        super().__init__(len(grading), self._of_group)

    def __call__(self, i: int) -> str:
        """Why row ``i`` has its grade, or why it has none."""
        return super().__call__(i) or ""

    def _of_group(self, group: Group) -> Filled:
        code = group.ask(self.grading.codes)
        noted = [text for rows, text in self.notes if group.ask(rows)]
        said = self._with_movement(code, group) if code >= 0 else [self._why_not(group)]
        return self.phrases.filled(self.phrases.joined([*said, *noted]))

    def _with_movement(self, code: int, group: Group) -> list[str]:
        move, movement = group.ask(self.grading.moved.move), self.grading.model.movement
        if move == NONE or movement is None:
            return [self._grade_reason(code, group)]
        grades, entry = self.grading.model.grades, group.ask(self._entry)
        if move == SETTLED:
            labels = {"grade": self._label_of(code), "entry": self._label_of(entry)}
            return [self.phrases.say("settled" if entry >= 0 else "settled_none", **labels)]
        if move == HELD:
            to = (grades[code].id, grades[entry].id)
            ways = [m.reason[self.lang] for m in movement.moves if to[0] in m.from_ and m.to == to[1]]
            labels = {"grade": self._label_of(code), "entry": self._label_of(entry)}
            return [self.phrases.say("held", **labels, way=self.phrases.joined(map(literal, ways)))]
        taken = movement.moves[move]
        said = [literal(taken.reason[self.lang])]
        if taken.needs_approval and not group.ask(self._approved):
            said.append(self.phrases.say("needs_approval"))
        if movement.applies == "propose":
            return [self._grade_reason(code, group), *said]
        if entry < 0:
            said.append(self.phrases.say("by_entry_none"))
        elif entry != code:
            said.append(self.phrases.say("by_entry", grade=self._label_of(entry)))
        return said

    def _label_of(self, code: int) -> str:
        return literal(self.grading.model.grades[code].label[self.lang]) if code >= 0 else ""

    @cached_property
    def _entry(self) -> Any:
        return self.grading.result.code_of(self.grading.model.grade_ids)

    @cached_property
    def _approved(self) -> Mask:
        return truth_of_flag(self.grading.readings.get("approved"), len(self.grading))

    # ------------------------------------------------------------ the reason of a grade: its template and facts

    def _grade_reason(self, code: int, group: Group) -> str:
        """The reason of a grade, with what all rows of the group share filled in."""
        grade = self.grading.model.grades[code]
        text = ""
        for words, name, spec, _ in Formatter().parse(grade.reason[self.lang]):
            text += literal(words)
            if name == "grade":
                text += self._label_of(code)
            elif name is not None:
                shared = self._shared_facts.get(name)
                text += shared(group) if shared else self._row_fact(name, spec)
        return self.phrases.joined([self._held_by(group), text])

    def _held_by(self, group: Group) -> str:
        """The reason of the rule that says who holds the customer."""
        ownership, rules = self.grading.model.ownership, self.grading.ownership_rules
        if ownership is None or rules is None or (rule := group.ask(rules)) < 0:
            return ""
        return literal(ownership.rules[rule].reason[self.lang])

    @cached_property
    def _last(self) -> Step | None:
        return self.grading.model.steps[-1] if self.grading.model.steps else None

    @cached_property
    def _shared_facts(self) -> Mapping[str, Callable[[Group], str]]:
        """Facts of the last step that rows of one group share."""
        match step := self._last:
            case Ladder():
                return {"because": lambda group: self._because(step, group)}
            case LowestItem():
                return {"lowest": lambda group: self._lowest(step, group), "aid": lambda group: self._aid(step, group)}
            case _:
                return {}

    def _row_fact(self, name: str, spec: str | None) -> str:
        """The place of a fact that differs from row to row."""
        fact = self._row_facts.get(name)
        return self.phrases.slot(f"fact {name}", fact, spec) if fact else self.phrases.value(name, spec)

    @cached_property
    def _row_facts(self) -> Mapping[str, Fact]:
        """The facts of the last step, by name; others are fields."""
        unknown = self.phrases.say("not_known")
        facts = {"score": Fact(lambda i: unknown if (score := self.score(i)) is None else score)}
        match step := self._last:
            case CumulativeShare():
                return facts | self._share_facts(step)
            case RankShare():
                return facts | self._rank_facts(step)
            case Bands():
                return facts | {"number": self.phrases.fact(step.input)}
            case Grid():
                return facts | {"x": self.phrases.fact(step.x), "y": self.phrases.fact(step.y)}
            case Lookup():
                return facts | {"word": self.phrases.fact(step.input)}
            case _:
                return facts

    def _share_facts(self, step: CumulativeShare) -> dict[str, Fact]:
        numbers = self.grading.readings[step.input].numbers
        scores = self.grading.scores if self.grading.model.score_step is step else None
        shares = pareto_shares(numbers) if scores is None else scores
        positive = np.where(numbers > 0, numbers, 0.0)
        own = positive / max(positive.sum(), np.finfo(np.float64).tiny)
        count = int((~np.isnan(numbers)).sum())
        return {
            "share": Fact(shares.tolist().__getitem__, show_share),
            "own": Fact(own.tolist().__getitem__, show_share),
            "count": Fact(lambda i: count),
        }

    def _rank_facts(self, step: RankShare) -> dict[str, Fact]:
        numbers = self.grading.readings[step.input].numbers
        rank = ranks(numbers).tolist()
        count = int((~np.isnan(numbers)).sum())
        return {
            "rank": Fact(rank.__getitem__),
            "count": Fact(lambda i: count),
            "position": Fact(lambda i: rank[i] / count, show_share),
        }

    def _because(self, step: Ladder, group: Group) -> str:
        rule = next((rule for rule in step.rules if group.ask(self.phrases.truth(rule.when)) == YES), None)
        if rule is None:
            return self.phrases.say("nothing_else")
        return self.phrases.listed(self.phrases.because(rule.when, group))

    def _lowest(self, step: LowestItem, group: Group) -> str:
        items = graded_items(step)
        rank = {item: group.ask(self._item_ranks[item]) for item in items}
        return self.phrases.listed(self.phrases.label(item) for item in items if rank[item] == max(rank.values()))

    def _aid(self, step: LowestItem, group: Group) -> str:
        said = []
        for aid in step.aids if step.aids_as == "aid" else []:
            rank = group.ask(self._item_ranks[aid])
            if rank >= 0:
                grade = literal(self.phrases.grade_labels[step.grades[rank]])
                said.append(self.phrases.say("aid", field=self.phrases.label(aid), grade=grade))
        return " " * (self.lang == "en" and bool(said)) + self.phrases.joined(said)

    @cached_property
    def _item_ranks(self) -> dict[str, Any]:
        """The grade of each item of the last step."""
        if not isinstance(step := self._last, LowestItem):
            return {}
        return {item: self.grading.readings[item].code_of(step.grades) for item in [*step.items, *step.aids]}

    # ------------------------------------------------------------ rows without a grade, and notes

    def _why_not(self, group: Group) -> str:
        cause = self.grading.result.causes[group.ask(self.grading.result.cause)]
        key, name = cause.key.partition(".")[2], cause.name
        if key == "no_rule_holds":
            return self._no_rule(name, group)
        facts = {"field": self.phrases.label(name)}
        if key in ("wrong", "error"):
            column = self.grading.inputs.columns[self.phrases.field_of(name).name]
            facts["cell"] = self.phrases.slot(f"cell {name}", Fact(lambda i: str(column[i])))
        if key == "wrong":
            key, facts["known"] = misread(self.phrases, self.phrases.field_of(name))
        return self.phrases.say(key, **facts)

    def _no_rule(self, name: str, group: Group) -> str:
        """Which conditions of each grade are not met."""
        step = self.phrases.steps[name]
        lacking = []
        for rule in step.rules if isinstance(step, Ladder) else []:
            grade, what = (
                literal(self.phrases.grade_labels.get(rule.grade, rule.grade)),
                self.phrases.lacking(rule.when, group),
            )
            lacking.append(self.phrases.say("lacks", grade=grade, what=self.phrases.listed(what)))
        return self.phrases.joined([self.phrases.say("no_rule_holds"), *lacking])

    def _own_notes(self) -> list[Note]:
        """What the model says of rows beside the grade."""
        notes: list[Note] = []
        for step in self.grading.model.steps:
            if isinstance(step, CumulativeShare):
                below = (self.grading.readings[step.input].numbers < 0) & (self.grading.codes >= 0)
                if below.any():
                    facts = {"field": self.phrases.label(step.input), "value": self.phrases.value(step.input)}
                    notes.append((below, self.phrases.say("negative", **facts)))
        warned = [(self.phrases.truth(warning.when) == YES, warning) for warning in self.grading.model.warnings]
        notes += [(rows, self.phrases.template(of.text[self.lang])) for rows, of in warned if rows.any()]
        return notes
