"""Rows that are alike, so that words and plans are worked out once for all of them, not once a row."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading.facts import Filled
from tieraddin.tables.values import Codes

T = TypeVar("T")


class Group:
    """Rows that have answered every question so far alike.

    Attributes
    ----------
    rows
        their positions, ascending.
    apart
        the rows that answered otherwise, and left.
    """

    def __init__(self, rows: NDArray[np.intp]) -> None:
        self.rows = rows
        self.apart: list[NDArray[np.intp]] = []

    def ask(self, answers: NDArray[Any]) -> Any:
        """What the first row answers, ``answers`` being those of all n rows; rows that answer otherwise leave."""
        return self.told(answers[self.rows])

    def told(self, answers: NDArray[Any]) -> Any:
        """As `ask`, ``answers`` being those of the group's own rows."""
        same = answers == answers[0]
        if not same.all():
            self.apart.append(self.rows[~same])
            self.rows = self.rows[same]
        return answers[0].item()


class ByGroup(Generic[T]):
    """What ``make`` says of each of n rows, called once for each group of rows that are alike to it."""

    def __init__(self, n: int, make: Callable[[Group], T]) -> None:
        self.n = n
        self.made: list[T] = []
        self.rows: list[NDArray[np.intp]] = []
        open_ = [np.arange(n)] if n else []
        while open_:
            group = Group(open_.pop())
            self.made.append(make(group))
            self.rows.append(group.rows)
            open_ += group.apart

    @cached_property
    def of_row(self) -> list[int]:
        """The group of each row."""
        of_row = np.empty(self.n, np.int32)
        for k, rows in enumerate(self.rows):
            of_row[rows] = k
        return of_row.tolist()

    def __getitem__(self, i: int) -> T:
        return self.made[self.of_row[i]]


class Words:
    """What is said of each of n rows, None for nothing, by the template of its group."""

    def __init__(self, n: int, make: Callable[[Group], Filled | None]) -> None:
        self._of = ByGroup(n, make)

    def __call__(self, i: int) -> str | None:
        """What is said of row ``i``."""
        say = self._of[i]
        return say(i) if say else None

    def texts(self) -> tuple[Codes, list[str]]:
        """All that is said, group by group, and for each row its place there, -1 for nothing."""
        codes, texts = np.full(self._of.n, -1, np.int32), list[str]()
        for say, rows in zip(self._of.made, self._of.rows, strict=True):
            if say:
                codes[rows] = np.arange(len(texts), len(texts) + len(rows))
                texts += say.each(rows.tolist())
        return codes, texts

    def all(self) -> list[str | None]:
        """What is said of every row: quicker than to ask for one after the other."""
        codes, texts = self.texts()
        return list(map([*texts, None].__getitem__, codes.tolist()))
