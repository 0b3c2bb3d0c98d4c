"""The report of data graded part by part."""

from __future__ import annotations

from typing import Any

from tieraddin.language import listed
from tieraddin.report.console import data, table, told


def graded(done: dict[str, Any], *, as_json: bool) -> None:
    """What was graded."""
    if as_json:
        data(done)
        return
    print(told("scale.done", **{name: done[name] for name in ("model", "rows", "graded", "parts", "passes")}))
    table([told("grade_header"), told("count_header")], done["counts"].items())
    print(told("scale.columns_written", columns=listed(done["columns"])))
    print(told("written", file=done["output"]))
