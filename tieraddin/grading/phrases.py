"""How a field, a value and a condition are said: the words that reasons and next steps are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from tieraddin.grading.conditions import YES, bound_of, compare
from tieraddin.grading.evaluate import EPOCH, Grading
from tieraddin.language import Language, say
from tieraddin.models.conditions import AnyOf, AtLeast, Compare, Condition, Operand, parts_of
from tieraddin.models.parts import FieldSpec
from tieraddin.models.steps import QuantileScores


class Shown(float):
    """A number that is shown as people write it (1,200 or 0.75) unless a format is asked for."""

    def __format__(self, spec: str) -> str:
        if spec:
            return format(round(self) if spec.endswith("d") else float(self), spec)
        text = f"{float(self):,.2f}" if abs(self) >= 1 else f"{float(self):,.6f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    __str__ = __repr__ = lambda self: format(self, "")


class Share(Shown):
    """A share, shown as a percentage unless a format is asked for."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec) if spec else f"{Shown(self * 100)}%"


class Phrases:
    """The words of one grading in one language."""

    def __init__(self, grading: Grading, lang: Language) -> None:
        self.grading = grading
        self.lang = lang
        self.fields = {field.name: field for field in grading.model.fields}
        self.steps = {step.id: step for step in grading.model.steps}
        self.grade_labels = {grade.id: grade.label[lang] for grade in grading.model.grades}
        self._values: dict[str, Callable[[int], Any]] = {}
        self._truths: dict[int, Any] = {}

    def say(self, key: str, **facts: Any) -> str:
        """A sentence of the room "grading" in this language."""
        return say(f"grading.{key}", self.lang, **facts)

    def listed(self, parts: Iterable[str]) -> str:
        """Several phrases, one after the other."""
        return self.say("and_then").join(parts)

    def joined(self, sentences: Iterable[str]) -> str:
        """Several sentences, one after the other."""
        return (" " if self.lang == "en" else "").join(sentence for sentence in sentences if sentence)

    def field_of(self, name: str) -> FieldSpec:
        """The field that a name stands for: itself, or the first field that a step reads."""
        name = name if name in self.fields else self.measure_of(name)
        return self.fields[name] if name in self.fields else self.field_of(self.steps[name].inputs()[0])

    def measure_of(self, name: str) -> str:
        """What ``STEP.MEASURE`` stands for."""
        step, _, measure = name.partition(".")
        return measure if measure and isinstance(self.steps[step], QuantileScores) else step

    def label(self, name: str) -> str:
        """The label of a field; of a step, that of the first field it reads."""
        return self.field_of(name).label[self.lang]

    def word(self, name: str, word: str) -> str:
        """The label of one of a field's words; a grade's label for a step."""
        field = self.fields.get(name)
        choice = (field.values.get(word) or field.words.get(word)) if field else None
        return choice.label[self.lang] if choice else self.grade_labels.get(word, word)

    def number(self, name: str, number: float) -> Shown:
        """A number of a field, to be shown."""
        field = self.fields.get(name)
        return Share(number) if field and field.kind == "share" else Shown(number)

    def value(self, name: str, i: int) -> Any:
        """What row ``i`` holds in a field, or what a step says of it."""
        if name not in self._values:
            self._values[name] = self._values_of(name)
        return self._values[name](i)

    def _values_of(self, name: str) -> Callable[[int], Any]:
        reading = self.grading.readings[name]
        known, values = reading.known.tolist(), reading.values.tolist()
        words = reading.word.tolist() if reading.word is not None else None
        blank = self.say("no_value")

        def of(i: int) -> Any:
            if not known[i]:
                return blank
            if words is not None and words[i] >= 0:
                return self.word(name, reading.words[words[i]])
            match reading.kind:
                case "number":
                    return self.number(name, values[i])
                case "flag":
                    return self.say("yes" if values[i] else "no")
                case "date":
                    return (EPOCH + dt.timedelta(days=values[i])).isoformat()
                case _:
                    return self.word(name, reading.names[values[i]])

        return of

    def holds(self, test: Compare, i: int) -> bool:
        """Whether one comparison holds for row ``i``."""
        if id(test) not in self._truths:
            self._truths[id(test)] = compare(test, self.grading.readings)
        return bool(self._truths[id(test)][i] == YES)

    def true(self, condition: Condition, i: int) -> bool:
        """Whether ``condition`` holds for row ``i``, for certain."""
        if isinstance(condition, Compare):
            return self.holds(condition, i)
        held = [self.true(part, i) for part in parts_of(condition)]
        match condition:
            case AnyOf():
                return any(held)
            case AtLeast():
                return sum(held) >= condition.at_least_k
            case _:
                return all(held)

    def bound(self, test: Compare, i: int) -> str:
        """The number that ``test`` holds row ``i`` against."""
        bound = bound_of(test)[1]
        if not isinstance(bound, Operand):
            return str(self.number(test.field, bound))
        label = self.label(bound.field)
        return f"{label} {self.value(bound.field, i)}" + (f" + {Shown(bound.plus)}" if bound.plus else "")

    def because(self, condition: Condition, i: int) -> list[str]:
        """What row ``i`` has that makes ``condition`` hold."""
        if isinstance(condition, Compare):
            field, value = self.label(condition.field), self.value(condition.field, i)
            if condition.is_ is not None:
                return [self.say("is", field=field, value=value)]
            return [self.say(bound_of(condition)[0], field=field, value=value, bound=self.bound(condition, i))]
        parts = parts_of(condition)
        if isinstance(condition, (AnyOf, AtLeast)):
            parts = [part for part in parts if self.true(part, i)]
        return [phrase for part in parts for phrase in self.because(part, i)]

    def wanted(self, test: Compare) -> str:
        """The words that ``test`` asks for."""
        if isinstance(test.is_, bool):
            return self.say("yes" if test.is_ else "no")
        words = [test.is_] if isinstance(test.is_, str) else test.is_ or []
        return self.say("or").join(self.word(test.field, word) for word in words)

    def lacking(self, condition: Condition, i: int) -> list[str]:
        """What row ``i`` lacks for ``condition`` to hold."""
        if self.true(condition, i):
            return []
        if isinstance(condition, Compare):
            field, value = self.label(condition.field), self.value(condition.field, i)
            if condition.is_ is not None:
                return [self.say("lacks_is", field=field, value=value, wanted=self.wanted(condition))]
            name = bound_of(condition)[0]
            return [self.say(f"lacks_{name}", field=field, value=value, bound=self.bound(condition, i))]
        found = [phrase for part in parts_of(condition) for phrase in self.lacking(part, i)]
        return [self.say("or").join(found)] if isinstance(condition, AnyOf) and found else found
