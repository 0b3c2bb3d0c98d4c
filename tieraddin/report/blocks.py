"""Tables of a sheet of ours as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tieraddin.report.console import SHOWN, more, table

if TYPE_CHECKING:
    from tieraddin.actions.own_sheet import Block
    from tieraddin.tables.values import Cell


def show(blocks: Iterable[Block]) -> None:
    """Print tables under their titles, the first rows of each."""
    for block in blocks:
        print()
        if block.title:
            print(block.title)
        forms = list(block.number_formats) or [None] * len(block.headers)
        rows = [[_shown(cell, form) for cell, form in zip(row, forms, strict=True)] for row in block.rows[:SHOWN]]
        numeric = [k for k, form in enumerate(forms) if form]
        widest = [max((len(row[k]) for row in rows), default=0) if k in numeric else None for k in range(len(forms))]
        table(block.headers, rows, least=widest)
        more(len(block.rows))


def _shown(cell: Cell, form: str | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if form is None or form == "General":
            return f"{cell:,.10g}"
        return f"{cell:.1%}" if form.endswith("%") else f"{cell:,.2f}" if form.endswith(".00") else f"{cell:,.0f}"
    return str(cell)
