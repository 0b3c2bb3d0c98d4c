"""How a field, a value and a condition are said: the words that reasons and next steps are made of.

Words are made for a whole `Group` of rows at once, as a template: what differs from row to row stands in braces, as the
name of a fact, and is filled in when a row's sentence is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from string import Formatter
from typing import Any, NamedTuple

from tieraddin.grading.conditions import BOUNDS, NO, YES, Truths, bound_of, needed, words_of
from tieraddin.grading.evaluate import EPOCH, Grading
from tieraddin.grading.groups import Group
from tieraddin.language import Language, say
from tieraddin.models.conditions import Compare, Condition, Not, Operand, parts_of
from tieraddin.models.parts import FieldSpec
from tieraddin.models.steps import QuantileScores
from tieraddin.tables.words import folded

OPPOSITE = dict(zip(BOUNDS, reversed(BOUNDS), strict=True))
"""The test that holds where another fails: at_least and below, above and at_most."""


LEAST_WRITTEN, MOST_WRITTEN = 1e-12, 1e16


def show_number(number: float, decimals: int | None = None) -> str:
    """A number as people write it (1,200 or 0.75), to at most ``decimals`` (default: 2, or 6 below 1).

    What no one writes out, from 1e16 on or below 1e-12, is shown as in a cell: 1.7e+300.
    """
    if number and not LEAST_WRITTEN <= abs(number) < MOST_WRITTEN:
        return repr(float(number))
    decimals = (2 if abs(number) >= 1 else 6) if decimals is None else decimals
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_share(share: float, decimals: int | None = None) -> str:
    """A share as a percentage."""
    return show_number(share * 100, None if decimals is None else max(0, decimals - 2)) + "%"


class Fact(NamedTuple):
    """What differs from row to row: the value of a row (a number or a text), and how a number is shown."""

    value: Callable[[int], Any]
    show: Callable[[float], str] = show_number

    def shown_as(self, spec: str | None) -> Callable[[float], str]:
        """How a number is shown: in the format ``spec`` where one is asked for."""
        if not spec:
            return self.show
        if spec.endswith("d"):
            return lambda number: format(round(number), spec)
        return lambda number: format(number, spec)


class Filled:
    """The sentences of rows by one template: a text with the places of facts, and how each is found and shown."""

    def __init__(self, text: str, facts: Sequence[tuple[Callable[[int], Any], Callable[[float], str]]]) -> None:
        self.text, self.facts = text, facts

    def __call__(self, i: int) -> str:
        """The sentence of row ``i``."""
        return self.text % tuple([v if isinstance(v := value(i), str) else show(v) for value, show in self.facts])

    def each(self, rows: Sequence[int]) -> list[str]:
        """The sentence of each of ``rows``."""
        if not self.facts:
            return [self.text % ()] * len(rows)
        shown = [[v if isinstance(v, str) else show(v) for v in map(value, rows)] for value, show in self.facts]
        return list(map(self.text.__mod__, zip(*shown, strict=True)))


def literal(text: str) -> str:
    """``text`` as a template without facts."""
    return text.replace("{", "{{").replace("}", "}}")


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
        parts = list(Formatter().parse(template))
        text = "".join(words.replace("%", "%%") + "%s" * (name is not None) for words, name, _, _ in parts)
        facts = [(self.fact(name), spec) for _, name, spec, _ in parts if name is not None]
        return Filled(text, [(fact.value, fact.shown_as(spec)) for fact, spec in facts])

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
