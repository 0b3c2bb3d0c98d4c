"""What a command of the menu or the ribbon is asked with, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from tieraddin.workbooks.port import LiveWorkbook

Answer: TypeAlias = "str | Sequence[Sequence[float | str]]"
"""A sentence to be told, or rows to be shown in a workbook of their own, each of the same length."""


class Asked(NamedTuple):
    """The workbook before the person and the program's own object of it, None where there is none; what was chosen."""

    book: LiveWorkbook | None
    document: Any
    detail: str

    @property
    def there(self) -> LiveWorkbook:
        """The workbook, for commands that need one."""
        assert self.book is not None
        return self.book


def table(*blocks: Sequence[Sequence[Any]]) -> list[list[float | str]]:
    """Blocks of lines below each other, a blank line between them, all as wide as the widest line."""
    lines = [line for block in blocks if block for line in (*block, ())][:-1]
    width = max(map(len, lines), default=1)
    return [[_cell(value) for value in line] + [""] * (width - len(line)) for line in lines]


def _cell(value: Any) -> float | str:
    if isinstance(value, (int, float)):
        return float(value)
    return "" if value is None else str(value)
