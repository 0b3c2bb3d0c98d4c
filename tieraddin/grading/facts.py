"""Facts in sentences: how numbers are shown, and one text filled in for many rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

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


def show_numbers(numbers: Sequence[float], decimals: int) -> list[str]:
    """`show_number` for each of some numbers, quicker than one after the other."""
    if not (min(numbers) >= LEAST_WRITTEN and max(numbers) < MOST_WRITTEN):
        return [show_number(number, decimals) for number in numbers]
    form = f",.{decimals}f"
    texts = [format(number, form) for number in numbers]
    return [text.rstrip("0").rstrip(".") if text[-1] == "0" else text for text in texts] if decimals else texts


def show_share(share: float, decimals: int | None = None) -> str:
    """A share as a percentage."""
    return show_number(share * 100, None if decimals is None else max(0, decimals - 2)) + "%"


class Fact(NamedTuple):
    """What differs from row to row.

    Attributes
    ----------
    value
        the value of a row, a number or a text.
    show
        how a number is shown.
    show_all
        the same for many numbers, where that is quicker.
    """

    value: Callable[[int], Any]
    show: Callable[[float], str] = show_number
    show_all: Callable[[Sequence[float]], list[str]] | None = None


class Filled:
    """The sentences of rows by one template.

    Parameters
    ----------
    words
        what stands around the facts, one more than there are facts.
    facts
        each with the format in which its numbers are shown, "" for its own.
    """

    def __init__(self, words: Sequence[str], facts: Sequence[tuple[Fact, str]]) -> None:
        self.words, self.facts = words, facts
        self._text = "%s".join(part.replace("%", "%%") for part in words)
        self._shown = [(fact.value, _formatted(form) if form else fact.show) for fact, form in facts]

    def __call__(self, i: int) -> str:
        """The sentence of row ``i``."""
        return self._text % tuple([v if isinstance(v := value(i), str) else show(v) for value, show in self._shown])

    def each(self, rows: Sequence[int]) -> list[str]:
        """The sentence of each of ``rows``, at least one."""
        if not self.facts:
            return [self.words[0]] * len(rows)
        parts: list[Iterable[str]] = [repeat(self.words[0])]
        for (fact, form), (value, show), words in zip(self.facts, self._shown, self.words[1:], strict=True):
            values = list(map(value, rows))
            if str in set(map(type, values)):
                shown: Iterable[str] = [v if isinstance(v, str) else show(v) for v in values]
            else:
                shown = fact.show_all(values) if fact.show_all and not form else map(show, values)
            parts += [shown, repeat(words)]
        return list(map("".join, zip(*parts)))  # noqa: B905 - the words between have no end


def _formatted(form: str) -> Callable[[float], str]:
    """How a number is shown in the format ``form``; a whole number is asked for by a final d."""
    show = f"{{:{form}}}".format
    return (lambda number: show(round(number))) if form[-1] == "d" else show


def literal(text: str) -> str:
    """``text`` as a template without facts."""
    return text.replace("{", "{{").replace("}", "}}")
