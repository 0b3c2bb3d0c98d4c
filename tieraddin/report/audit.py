"""The report of an audit of records."""

from __future__ import annotations

from typing import Any

from tieraddin.report.blocks import show
from tieraddin.report.console import data, written


def audit(done: dict[str, Any], *, as_json: bool) -> None:
    """What an audit found."""
    blocks = done.pop("tables")
    if as_json:
        data(done)
        return
    print("\n".join(done["said"]))
    show(blocks)
    written(done)
