"""Tables of a sheet of ours as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterable

from tieraddin.actions.own_sheet import Block
from tieraddin.report.console import SHOWN, more, table
from tieraddin.tables.values import Cell


def show(blocks: Iterable[Block]) -> None:
    """Print tables under their titles, the first rows of each."""
    for block in blocks:
        print()
        if block.title:
            print(block.title)
        forms = list(block.number_formats) or [None] * len(block.headers)
        rows = [[_shown(cell, form) for cell, form in zip(row, forms, strict=True)] for row in block.rows[:SHOWN]]
        table(block.headers, rows)
        more(len(block.rows))


def _shown(cell: Cell, form: str | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"{cell:.1%}" if form and form.endswith("%") else f"{cell:,.10g}" if form is None else f"{cell:,.0f}"
    return str(cell)
