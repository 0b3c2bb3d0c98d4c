"""Report of a recalculation."""

from __future__ import annotations

from typing import Any

from tieraddin.report.console import SHOWN, data, more, table, told, written


def recalculated(done: dict[str, Any], *, as_json: bool) -> None:
    """What a recalculation came to."""
    if as_json:
        data(done)
        return
    if not (done["calculated"] or done["unchanged"] or done["left"]):
        written(done, "recalc.none")
        return
    print(told("recalc.done", calculated=done["calculated"], unchanged=done["unchanged"], left=len(done["left"])))
    _list("left", "formula", "reason", done["left"])
    _list("told", "value", "told", done["told"])
    written(done, "recalc.nothing")


def _list(title: str, second: str, third: str, lines: list[dict[str, Any]]) -> None:
    """Some cells, each with two facts."""
    if not lines:
        return
    print(told(f"recalc.{title}"))
    shown = [(f"{line['sheet']}!{line['cell']}", line[second], line[third]) for line in lines[:SHOWN]]
    table([told("recalc.cell"), told(f"recalc.{second}"), told("recalc.reason")], shown, whole=[told("recalc.cell")])
    more(len(lines))
