"""Cells of grids: models with two axes."""

from __future__ import annotations

from tieraddin.addin.blocks import CallError, Rows, ToldError
from tieraddin.addin.kinds import ModelName, Texts
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Matched


@udf("tiers")
def grid_cell(model: ModelName, x: Texts, y: Texts) -> Rows:
    """The grade at each pair of axis values: words of the model, or numbers where its axes have limits."""
    from tieraddin.addin.partly import grid_cells

    matched = Matched(x, y)
    wrong = ToldError.of(CallError("#VALUE!", "no_grid_place", argument="x, y"))
    return matched.answer(
        wrong if cell is None else cell for cell in grid_cells(model, matched.column(x), matched.column(y))
    )
