"""The report of a portfolio check."""

from __future__ import annotations

from typing import Any

from tieraddin.report.blocks import show
from tieraddin.report.console import data, told, written


def portfolio(done: dict[str, Any], *, as_json: bool) -> None:
    """What the mix of customers comes to."""
    blocks = done.pop("tables")
    if as_json:
        data(done)
        return
    print(told("portfolio.summary", **{key: done[key] for key in ("customers", "ungraded", "sheet", "table")}))
    for sentence in done["said"]:
        print(f"- {sentence}")
    show(blocks)
    written(done)
