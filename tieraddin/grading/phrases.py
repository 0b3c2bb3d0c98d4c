"""How a field, a value and a condition are said: the words that reasons and next steps are made of.

Words are made for a whole `Group` of rows at once, as a template: what differs from row to row stands in braces, as the
name of a fact, and is filled in when a row's sentence is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache
from string import Formatter
from typing import Any

from tieraddin.grading.conditions import BOUNDS, NO, YES, Truths, bound_of, needed, words_of
from tieraddin.grading.evaluate import EPOCH, Grading
from tieraddin.grading.facts import Fact, Filled, literal, show_number, show_share
from tieraddin.grading.groups import Group
from tieraddin.language import Language, say
from tieraddin.models.conditions import Compare, Condition, Not, Operand, parts_of
from tieraddin.models.parts import FieldSpec
from tieraddin.models.steps import QuantileScores
from tieraddin.tables.words import folded

OPPOSITE = dict(zip(BOUNDS, reversed(BOUNDS), strict=True))
"""The test that holds where another fails: at_least and below, above and at_most."""


@lru_cache(maxsize=1000)
def _parsed(template: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What stands around the facts of a template, one more than there are facts; and the facts with their formats."""
    words, slots = [""], list[tuple[str, str]]()
    for said, name, form, _ in Formatter().parse(template):
        words[-1] += said
        if name is not None:
            words.append("")
            slots.append((name, form or ""))
    return words, slots


class Phrases:
    """The words of one grading in one language."""

    def __init__(self, grading: Grading, lang: Language) -> None:
        self.grading = grading
        self.lang = lang
        self.fields = {field.name: field for field in grading.model.fields}
        self.steps = {step.id: step for step in grading.model.steps}
        self.grade_labels = {grade.id: grade.label[lang] for grade in grading.model.grades}
        self.truth = Truths(grading.readings)
        self.facts: dict[str, Fact] = {}

    def say(self, key: str, **facts: Any) -> str:
        """A sentence of the room "grading" in this language."""
        return say(f"grading.{key}", self.lang, **facts)

    def listed(self, parts: Iterable[str]) -> str:
        """Several phrases, one after the other."""
        return self.say("and_then").join(parts)

    def joined(self, sentences: Iterable[str]) -> str:
        """Several sentences, one after the other."""
        return (" " if self.lang == "en" else "").join(sentence for sentence in sentences if sentence)

    def filled(self, template: str) -> Filled:
        """The sentences of rows, by their template."""
        words, slots = _parsed(template)
        return Filled(words, [(self.fact(name), form) for name, form in slots])

    # ------------------------------------------------------------ names and values

    def field_of(self, name: str) -> FieldSpec:
        """The field that a name stands for: itself, or the first field that a step reads."""
        name = name if name in self.fields else self.measure_of(name)
        return self.fields[name] if name in self.fields else self.field_of(self.steps[name].inputs()[0])

    def measure_of(self, name: str) -> str:
        """What ``STEP.MEASURE`` stands for."""
        step, _, measure = name.partition(".")
        if step in self.fields:
            return step
        return measure if measure and isinstance(self.steps[step], QuantileScores) else step

    def label(self, name: str) -> str:
        """What the person calls a field: its column's header, or its label; of a step, the first field it reads."""
        if name.endswith(".days") and (of := name.removesuffix(".days")) in self.fields:
            return self.say("days_since", field=self.label(of))
        field = self.field_of(name)
        header = self.grading.inputs.headers.get(field.name, "")
        return literal(header if folded(header) not in ("", folded(field.name)) else field.label[self.lang])

    def word(self, name: str, word: str) -> str:
        """The label of one of a field's words; a grade's label for a step."""
        field = self.fields.get(name)
        choice = (field.values.get(word) or field.words.get(word)) if field else None
        return choice.label[self.lang] if choice else self.grade_labels.get(word, word)

    def show(self, name: str) -> Callable[..., str]:
        """How the numbers of a field are shown."""
        field = self.fields.get(name)
        return show_share if field and field.kind == "share" else show_number

    def slot(self, name: str, fact: Fact, spec: str | None = None) -> str:
        """The place of ``fact`` in a template, in the format ``spec``; ``name`` tells it from others."""
        self.facts.setdefault(name, fact)
        return self.value(name, spec)

    @staticmethod
    def value(name: str, spec: str | None = None) -> str:
        """The place of what a row holds in a field, or of what a step says of it."""
        return f"{{{name}:{spec}}}" if spec else f"{{{name}}}"

    def template(self, text: str) -> str:
        """A text of a model, its braces as the places of what a row holds."""
        parts = Formatter().parse(text)
        return "".join(literal(words) + (self.value(name, spec) if name else "") for words, name, spec, _ in parts)

    def fact(self, name: str) -> Fact:
        """A fact by its name: one of those given a `slot`, else what a row holds in that field or step."""
        if name not in self.facts:
            self.facts[name] = Fact(self._value_of(name), self.show(name))
        return self.facts[name]

    def _value_of(self, name: str) -> Callable[[int], Any]:
        reading = self.grading.readings[name]
        values = reading.values
        as_shown: dict[str, Callable[[Any], str]] = {
            "flag": [self.say("no"), self.say("yes")].__getitem__,
            "date": lambda days: (EPOCH + dt.timedelta(days=days)).isoformat(),
            "code": [self.word(name, word) for word in reading.names].__getitem__,
        }
        show = as_shown.get(reading.kind)
        of: Callable[[int], Any] = values.item if show is None else lambda i: show(values.item(i))
        if reading.known.all() and reading.word is None:
            return of
        known, blank = reading.known.tolist(), self.say("no_value")
        words = [self.word(name, word) for word in reading.words]
        word = reading.word.tolist() if reading.word is not None else [-1] * len(known)
        return lambda i: blank if not known[i] else words[word[i]] if word[i] >= 0 else of(i)

    # ------------------------------------------------------------ conditions

    def bound(self, test: Compare) -> str:
        """What ``test`` holds a number against."""
        bound = bound_of(test)[1]
        if not isinstance(bound, Operand):
            return self.show(test.field)(bound)
        more = f" + {self.show(test.field)(bound.plus)}" if bound.plus else ""
        return f"{self.label(bound.field)} {self.value(bound.field)}{more}"

    def because(self, condition: Condition, group: Group, wanted: bool = True) -> list[str]:
        """What the rows have that makes ``condition`` hold (or fail, where that is ``wanted``)."""
        if isinstance(condition, Compare):
            return [self._because(condition, wanted)]
        if isinstance(condition, Not):
            return self.because(condition.not_, group, not wanted)
        parts = [part for part in parts_of(condition) if self._is_so(part, group, wanted)]
        return [phrase for part in parts for phrase in self.because(part, group, wanted)]

    def _because(self, test: Compare, wanted: bool) -> str:
        field, value = self.label(test.field), self.value(test.field)
        if test.is_ is not None or test.known is not None:
            return self.say("is", field=field, value=value)
        name = bound_of(test)[0]
        return self.say(name if wanted else OPPOSITE[name], field=field, value=value, bound=self.bound(test))

    def lacking(self, condition: Condition, group: Group, wanted: bool = True) -> list[str]:
        """What the rows lack for ``condition`` to hold (or to fail)."""
        if isinstance(condition, Not):
            return self.lacking(condition.not_, group, not wanted)
        if self._is_so(condition, group, wanted):
            return []
        if isinstance(condition, Compare):
            return [self._lacking(condition, wanted)]
        found = [self.lacking(part, group, wanted) for part in parts_of(condition)]
        if needed(condition, wanted) == 1:
            return [self.say("or").join(self.listed(phrases) for phrases in found)]
        return [phrase for phrases in found for phrase in phrases]

    def _lacking(self, test: Compare, wanted: bool) -> str:
        facts = {"field": self.label(test.field), "value": self.value(test.field)}
        if test.known is not None:
            return self.say("lacks_value" if test.known == wanted else "lacks_blank", **facts)
        if isinstance(test.is_, bool):
            return self.say("lacks_is", **facts, wanted=self.say("yes" if test.is_ == wanted else "no"))
        if test.is_ is not None:
            words = self.say("or").join(literal(self.word(test.field, word)) for word in words_of(test))
            return self.say("lacks_is" if wanted else "lacks_is_not", **facts, wanted=words)
        name = bound_of(test)[0]
        return self.say(f"lacks_{name if wanted else OPPOSITE[name]}", **facts, bound=self.bound(test))

    def _is_so(self, condition: Condition, group: Group, wanted: bool) -> bool:
        """Whether ``condition`` holds (or fails) for the rows, for certain."""
        return bool(group.ask(self.truth(condition)) == (YES if wanted else NO))
