"""Reports of runs: retier, summarise, history, restore."""

from __future__ import annotations

from typing import Any

from tieraddin.language import listed
from tieraddin.report.console import SHOWN, copied, data, more, table, told, written


def retier(done: dict[str, Any], *, as_json: bool) -> None:
    """What a re-tier came to."""
    if as_json:
        data(done)
        return
    print(told("retier_done", **{k: done[k] for k in ("model", "sheet", "table", "rows", "graded")}))
    table([told("grade_header"), told("count_header")], done["counts"].items())
    if done["moves"]:
        print(told("moves"))
        table(
            [told("from"), told("to"), told("count_header")], [(m["from"], m["to"], m["count"]) for m in done["moves"]]
        )
    if done.get("moved"):
        table(
            [told("row"), told("customer"), told("from"), told("to")],
            [(m["row"], m["customer"], m["from"], m["to"]) for m in done["moved"][:SHOWN]],
        )
        more(len(done["moved"]))
    for row in done["left_out_said"]:
        print(row)
    if done["ungraded"]:
        print(told("ungraded", count=len(done["ungraded"])))
        table([told("row"), told("reason")], [(u["row"], u["reason"]) for u in done["ungraded"][:SHOWN]])
        more(len(done["ungraded"]))
    for note in done.get("notes", []):
        print(note)
    written(done, "nothing_written")


def summary(done: dict[str, Any], *, as_json: bool) -> None:
    """What a summary of transactions came to."""
    if as_json:
        data(done)
        return
    from tieraddin.actions.summarise import left_out_of  # late: numpy is slow to start

    print(told("summarised", **{k: done[k] for k in ("transactions", "customers", "output")}))
    for line in left_out_of(done):
        print(line)
    copied(done)


def history(runs: list[dict[str, Any]], *, as_json: bool) -> None:
    """The log of a workbook."""
    if as_json:
        data(runs)
        return
    if not runs:
        print(told("no_runs"))
        return
    names = ("run", "time", "action", "model", "sheet", "graded", "counts", "moves")
    headers = [told(f"log_{name}") for name in names]
    table(headers, [[run[name] for name in names] for run in runs], whole=(told("log_time"), told("log_model")))


def restored(done: dict[str, Any], *, as_json: bool) -> None:
    """What a restore came to."""
    if as_json:
        data(done)
        return
    print(told("restored", runs=listed(done["runs"]), file=done["output"]))
    copied(done)
