"""Tables of a sheet of ours as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tieraddin.report.console import SHOWN, more, table

if TYPE_CHECKING:
    from tieraddin.actions.own_sheet import Block


def show(blocks: Iterable[Block]) -> None:
    """Print tables under their titles, the first rows of each."""
    from tieraddin.actions.own_sheet import shown

    for block in blocks:
        print()
        if block.title:
            print(block.title)
        forms = block.forms()
        rows = [[shown(cell, form) for cell, form in zip(row, forms, strict=True)] for row in block.rows[:SHOWN]]
        numeric = [k for k, form in enumerate(forms) if form]
        widest = [max((len(row[k]) for row in rows), default=0) if k in numeric else None for k in range(len(forms))]
        table(block.headers, rows, least=widest)
        more(len(block.rows))
