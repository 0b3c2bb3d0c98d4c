"""Reports on templates."""

from __future__ import annotations

from typing import Any

from tieraddin.language import language
from tieraddin.report.console import data, table, told

ALWAYS = {"grade", "score", "reason", "next_step"}
"""The columns that a re-tier writes if it is not told which."""


def templates(found: list[dict[str, Any]], *, as_json: bool) -> None:
    """Which templates there are."""
    if as_json:
        data(found)
        return
    lang = language()
    heads = [told(f"templates.list_{key}") for key in ("id", "name", "about")]
    table(heads, [(one["id"], one["name"][lang], one["about"][lang]) for one in found], whole=heads[:1])
    print(told("templates.list_next"))


def written(done: dict[str, Any], *, as_json: bool) -> None:
    """A new workbook."""
    if as_json:
        data(done)
        return
    print(told("templates.written", file=done["output"], name=done["name"], rows=done["rows"]))
    if done["live"]:
        print(told("templates.then_live"))
        print(f'  tieraddin recalc "{done["output"]}" --in-place')
        return
    print(told("templates.then_tiers"))
    for by in done["graded_by"]:
        cadence = f" --cadence {by['cadence']}" if by["cadence"] else ""
        columns = "" if ALWAYS.issubset(by["columns"]) else f" --columns {','.join(by['columns'])}"
        print(f'  tieraddin retier "{done["output"]}" --model {by["model"]}{cadence}{columns} --in-place')
