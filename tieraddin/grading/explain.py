"""Why a row has its grade, in words. Words are made only when asked for: a million rows build no million texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from string import Formatter
from typing import Any, TypeVar, overload

import numpy as np

from tieraddin.grading.conditions import YES, truth
from tieraddin.grading.evaluate import Grading
from tieraddin.grading.improve import NextSteps
from tieraddin.grading.movement import HELD, NONE
from tieraddin.grading.phrases import Phrases, Share, Shown
from tieraddin.kernels.pareto import pareto_shares
from tieraddin.kernels.ranks import ranks
from tieraddin.language import Language
from tieraddin.models.sections import Move
from tieraddin.models.steps import Bands, CumulativeShare, Grid, Ladder, Lookup, LowestItem, QuantileScores, RankShare
from tieraddin.tables.values import Column

T = TypeVar("T")
Fact = Callable[[int], Any]


class Lazy(Sequence[T]):
    """A column whose entries are made when they are asked for."""

    def __init__(self, n: int, make: Callable[[int], T]) -> None:
        self.n = n
        self.make = make

    def __len__(self) -> int:
        return self.n

    @overload
    def __getitem__(self, i: int) -> T: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[T]: ...
    def __getitem__(self, i: int | slice) -> T | Sequence[T]:
        if isinstance(i, slice):
            return [self.make(k) for k in range(*i.indices(self.n))]
        return self.make(i)

    def __iter__(self) -> Iterator[T]:
        return map(self.make, range(self.n))


class Explainer:
    """Labels, scores and reasons of one grading, in one language."""

    def __init__(self, grading: Grading, lang: Language) -> None:
        self.grading = grading
        self.phrases = Phrases(grading, lang)
        self.lang = lang
        self._codes = grading.codes.tolist()
        self._moves = grading.moved.move.tolist()
        self._entry = grading.result.code_of(grading.model.grade_ids).tolist()
        self._facts: dict[str, Fact] = {}
        self._reasons: dict[int, Callable[[int], str]] = {}
        self._causes: dict[tuple[str, str], str] = {}
        self._notes = [note for note in (self._negative(), *self._warnings()) if note]
        self._scores = None if grading.scores is None else grading.scores.tolist()

    def label(self, i: int) -> str | None:
        """The grade of row ``i`` as people read it, None for none."""
        code = self._codes[i]
        return self.grading.model.grades[code].label[self.lang] if code >= 0 else None

    def group(self, i: int) -> str | None:
        """The class of the grade, where the model has classes."""
        code = self._codes[i]
        return (self.grading.model.grades[code].group or None) if code >= 0 else None

    def score(self, i: int) -> float | int | str | None:
        """The score of row ``i``: a number, or a code such as "543"; None for none."""
        if self._scores is None or self._codes[i] < 0 or self._scores[i] != self._scores[i]:
            return None
        score = self._scores[i]
        if isinstance(self.grading.score_step, QuantileScores):
            return str(int(score))
        return int(score) if isinstance(self.grading.score_step, RankShare) else round(score, 6)

    def reason(self, i: int) -> str:
        """Why row ``i`` has its grade, or why it has none."""
        code, move = self._codes[i], self._moves[i]
        if code < 0:
            return self._why_not(i)
        if move == NONE and not self._notes:
            return self._grade_reason(code)(i)
        notes = [sentence for rows, say in self._notes if rows[i] for sentence in [say(i)]]
        return self.phrases.joined([*self._with_movement(i, code, move), *notes])

    @cached_property
    def next_step(self) -> Callable[[int], str | None]:
        """What would give row ``i`` a better grade, None where there is nothing to name."""
        return NextSteps(self.grading, self.phrases)

    def _with_movement(self, i: int, code: int, move: int) -> list[str]:
        grades = self.grading.model.grades
        if move == NONE:
            return [self._grade_reason(code)(i)]
        entry = grades[self._entry[i]].label[self.lang]
        if move == HELD:
            ways = [m.reason[self.lang] for m in self._moves_between(code, self._entry[i])]
            return [self.phrases.say("held", grade=self.label(i), entry=entry, way=self.phrases.joined(ways))]
        moves = self.grading.model.movement.moves if self.grading.model.movement else []
        taken = moves[move]
        pending = taken.needs_approval and grades[code].id != taken.to
        said = [taken.reason[self.lang]]
        if self.grading.model.movement and self.grading.model.movement.applies == "propose":
            said.insert(0, self._grade_reason(code)(i))
        elif pending:
            said.append(self.phrases.say("needs_approval"))
        elif entry != self.label(i):
            said.append(self.phrases.say("by_entry", grade=entry))
        return said

    def _moves_between(self, code: int, entry: int) -> list[Move]:
        ids = self.grading.model.grade_ids
        moves = self.grading.model.movement.moves if self.grading.model.movement else []
        return [move for move in moves if ids[code] in move.from_ and move.to == ids[entry]]

    # ------------------------------------------------------------ the reason of a grade: its template and facts

    def _grade_reason(self, code: int) -> Callable[[int], str]:
        if code not in self._reasons:
            self._reasons[code] = self._filled(self.grading.model.grades[code].reason[self.lang])
        return self._reasons[code]

    def _filled(self, template: str) -> Callable[[int], str]:
        names = [name for _, name, _, _ in Formatter().parse(template) if name]
        facts = [(name, self.fact(name)) for name in names]
        fill = template.format_map
        return lambda i: fill({name: fact(i) for name, fact in facts})

    def fact(self, name: str) -> Fact:
        """A fact that reasons fill in, by name, as a function of the row."""
        if name not in self._facts:
            self._facts[name] = self._fact(name)
        return self._facts[name]

    def _fact(self, name: str) -> Fact:
        step = self.grading.model.steps[-1] if self.grading.model.steps else None
        match name, step:
            case "grade", _:
                return self.label
            case "score", _:
                return self.score
            case (("share" | "own" | "count"), CumulativeShare()):
                return self._share_facts(step)[name]
            case (("rank" | "count" | "position"), RankShare()):
                return self._rank_facts(step)[name]
            case "number", Bands():
                return lambda i: self.phrases.value(step.input, i)
            case "because", Ladder():
                return lambda i: self._because(step, i)
            case "lowest", LowestItem():
                return lambda i: self._lowest(step, i)
            case "aid", LowestItem():
                return lambda i: self._aid(step, i)
            case (("x" | "y"), Grid()):
                source = step.x if name == "x" else step.y
                return lambda i: self.phrases.value(source, i)
            case "word", Lookup():
                return lambda i: self.phrases.value(step.input, i)
            case _:
                return lambda i: self.phrases.value(name, i)

    def _share_facts(self, step: CumulativeShare) -> dict[str, Fact]:
        numbers = self.grading.readings[step.input].numbers
        positive = np.where(numbers > 0, numbers, 0.0)
        total = positive.sum()
        share = pareto_shares(numbers).tolist()
        own = (positive / total if total > 0 else positive).tolist()
        count = int((~np.isnan(numbers)).sum())
        return {"share": lambda i: Share(share[i]), "own": lambda i: Share(own[i]), "count": lambda i: Shown(count)}

    def _rank_facts(self, step: RankShare) -> dict[str, Fact]:
        numbers = self.grading.readings[step.input].numbers
        rank = ranks(numbers).tolist()
        count = int((~np.isnan(numbers)).sum())
        return {
            "rank": lambda i: Shown(rank[i]),
            "count": lambda i: Shown(count),
            "position": lambda i: Share(rank[i] / count),
        }

    def _because(self, step: Ladder, i: int) -> str:
        rule = next((rule for rule in step.rules if self.phrases.true(rule.when, i)), None)
        return self.phrases.listed(self.phrases.because(rule.when, i)) if rule else self.phrases.say("nothing_else")

    def _lowest(self, step: LowestItem, i: int) -> str:
        items = step.items + (step.aids if step.aids_as == "item" else [])
        worst = step.grades.index(self.grading.model.grades[self._entry[i]].id)
        lowest = [item for item in items if self._item_rank(step, item, i) == worst]
        return self.phrases.listed(self.phrases.label(item) for item in lowest)

    def _aid(self, step: LowestItem, i: int) -> str:
        if step.aids_as == "item":
            return ""
        said = []
        for aid in step.aids:
            rank = self._item_rank(step, aid, i)
            if rank >= 0:
                grade = self.phrases.grade_labels[step.grades[rank]]
                said.append(self.phrases.say("aid", field=self.phrases.label(aid), grade=grade))
        return ("" if self.lang == "zh" else " ") * bool(said) + self.phrases.joined(said)

    def _item_rank(self, step: LowestItem, item: str, i: int) -> int:
        key = f"rank of {item}"
        if key not in self._facts:
            self._facts[key] = self.grading.readings[item].code_of(step.grades).tolist().__getitem__
        return int(self._facts[key](i))

    # ------------------------------------------------------------ rows without a grade, and notes

    def _why_not(self, i: int) -> str:
        cause = self.grading.result.why_not(i)
        if cause is None:
            return ""
        if cause.key == "grading.wrong" and cause.name in self.grading.inputs.columns:
            column: Column = self.grading.inputs.columns[cause.name]
            return self.phrases.say("wrong", field=self.phrases.label(cause.name), cell=str(column[i]))
        if cause.key == "grading.error":
            column = self.grading.inputs.columns[cause.name]
            return self.phrases.say("error", field=self.phrases.label(cause.name), cell=str(column[i]))
        if cause.key == "grading.no_rule_holds":
            return self._no_rule(i)
        if cause not in self._causes:
            name = cause.key.partition(".")[2]
            self._causes[cause] = self.phrases.say(name, field=self.phrases.label(cause.name))
        return self._causes[cause]

    def _no_rule(self, i: int) -> str:
        step = self.grading.model.steps[-1]
        if not isinstance(step, Ladder):
            return self.phrases.say("no_rule_holds")
        lacking = [
            self.phrases.say("lacks", grade=self.phrases.grade_labels[rule.grade], what=self.phrases.listed(what))
            for rule in step.rules
            if (what := self.phrases.lacking(rule.when, i))
        ]
        return self.phrases.joined([self.phrases.say("no_rule_holds"), *lacking])

    def _negative(self) -> tuple[Sequence[bool], Callable[[int], str]] | None:
        step = next((step for step in self.grading.model.steps if isinstance(step, CumulativeShare)), None)
        if step is None:
            return None
        rows = self.grading.readings[step.input].numbers < 0
        if not rows.any():
            return None
        label = self.phrases.label(step.input)
        say = self.phrases.say
        return rows.tolist(), lambda i: say("negative", field=label, value=self.phrases.value(step.input, i))

    def _warnings(self) -> Iterator[tuple[Sequence[bool], Callable[[int], str]]]:
        for warning in self.grading.model.warnings:
            rows = truth(warning.when, self.grading.readings) == YES
            text = warning.text[self.lang]
            if rows.any():
                yield rows.tolist(), lambda i, text=text: text  # type: ignore[misc]
