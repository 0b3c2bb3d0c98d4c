"""What a command of the menu or the ribbon is asked with, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from tieraddin.actions.own_sheet import width_of
from tieraddin.tables.layout import Area
from tieraddin.workbooks.port import LiveWorkbook, Look


class Question(NamedTuple):
    """What the person is to say before a command acts: asked, the command is called anew with the answer added.

    Attributes
    ----------
    text
        the question.
    kind
        whether one of ``choices`` is picked, or a folder.
    choices
        for each what stands for it in `Asked.answers`, and what the person reads.
    """

    text: str
    kind: Literal["choice", "folder"]
    choices: tuple[tuple[str, str], ...] = ()


class Opening(NamedTuple):
    """A workbook to be shown, as a new one made of ``file``, which stays free to be written to.

    Attributes
    ----------
    said
        what is told beside, "" for nothing.
    once
        whether the file is taken away then, with its folder.
    """

    file: Path
    said: str = ""
    once: bool = False


_COLUMN = "column:"
"""What an answer begins with that says which column a field is, as JSON: lines of headers are none of the answers."""

Answer: TypeAlias = "str | Sequence[Sequence[float | str]] | Question | Opening"
"""A sentence; rows to be shown in a workbook of their own, each of the same length; a question; a workbook to show."""


class Asked(NamedTuple):
    """The workbook before the person and the program's own object of it, None where there is none; what was chosen.

    ``detail`` is what was picked of a list, or the answers to the questions so far, a line each.
    """

    book: LiveWorkbook | None
    document: Any
    detail: str

    @property
    def answers(self) -> list[str]:
        """The answers to the questions so far, in the order in which they were asked; without those of `columns`."""
        return [line for line in self.detail.splitlines() if not line.startswith(_COLUMN)]

    @property
    def columns(self) -> dict[str, str]:
        """The columns that were chosen for fields: field -> header, of choices made by `column_choice`."""
        lines = self.detail.splitlines()
        return dict(json.loads(line.removeprefix(_COLUMN)) for line in lines if line.startswith(_COLUMN))

    @property
    def there(self) -> LiveWorkbook:
        """The workbook, for commands that need one."""
        assert self.book is not None
        return self.book


def column_choice(field: str, header: str) -> tuple[str, str]:
    """A choice of a `Question`: that ``field`` is the column under ``header``."""
    return _COLUMN + json.dumps([field, header]), " ".join(header.split())


def table(*blocks: Sequence[Sequence[Any]]) -> list[list[float | str]]:
    """Blocks of lines below each other, a blank line between them, all as wide as the widest line."""
    lines = [line for block in blocks if block for line in (*block, ())][:-1]
    width = max(map(len, lines), default=1)
    return [[_cell(value) for value in line] + [""] * (width - len(line)) for line in lines]


def look_of(rows: Sequence[Sequence[float | str]]) -> Look:
    """How such rows look: a sentence above all is a title, a line of several cells that follows a blank one a head.

    Columns are as wide as what stands in lines of several cells, but for the last of each, within reason.
    """
    filled = [sum(cell != "" for cell in row) for row in rows]
    heads = [k for k, count in enumerate(filled, 1) if count > 1 and k > 1 and not filled[k - 2]]
    titles = (Area(1, 1, 1, 1),) if filled[:1] == [1] else ()
    texts = [[str(cell) for cell in row[: count - 1]] for row, count in zip(rows, filled, strict=True)]
    widths = tuple(map(width_of, zip_longest(*texts, fillvalue="")))
    return Look(titles, tuple(Area(k, 1, k, filled[k - 1]) for k in heads), widths=widths)


def _cell(value: Any) -> float | str:
    if isinstance(value, (int, float)):
        return float(value)
    return "" if value is None else str(value)
