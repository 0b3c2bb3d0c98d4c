"""How the command line says what was done: tables for people, JSON for programs."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tieraddin.actions.output import to_json
from tieraddin.language import language, say

SHOWN = 20
"""How many rows of a list are shown to people; JSON holds them all."""


def told(key: str, **facts: Any) -> str:
    """A sentence of the command line's own."""
    return say(f"cli.{key}", **facts)


def data(value: Any) -> None:
    """JSON to standard output, escaped where that is no UTF-8."""
    print(to_json(value, escaped=(sys.stdout.encoding or "utf-8").lower() != "utf-8"))


def error(sentence: str, key: str, *, as_json: bool) -> None:
    """What went wrong: one line on standard error; for programs a JSON object on standard output too."""
    if as_json:
        data({"error": sentence, "key": key})
    print(sentence, file=sys.stderr)


def unexpected(fault: Exception) -> str:
    """The sentence for a fault of ours; its details go to a file that the sentence names."""
    if isinstance(fault, OSError):
        return told("os_error", file=fault.filename or "", detail=fault.strerror or fault)
    with tempfile.NamedTemporaryFile("w", prefix="tieraddin-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(fault)))
    return told("unexpected", detail=f"{type(fault).__name__}: {fault}", file=log.name)


@contextmanager
def working(quiet: bool) -> Iterator[None]:
    """A sign of life on standard error while something runs, where a person looks on."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(told("working"), total=None)
        yield


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], whole: Collection[str] = ()) -> None:
    """A table for people; where it is too wide cells are wrapped, but for those of the columns ``whole``."""
    from rich.console import Console
    from rich.table import Column, Table

    columns = (Column(header, no_wrap=header in whole, overflow="fold") for header in headers)
    shown = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        shown.add_row(*("-" if cell is None else str(cell) for cell in row))
    Console(highlight=False, markup=False, soft_wrap=False).print(shown)


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
        _more(len(done["moved"]))
    for row in done["left_out_said"]:
        print(row)
    if done["ungraded"]:
        print(told("ungraded", count=len(done["ungraded"])))
        table([told("row"), told("reason")], [(u["row"], u["reason"]) for u in done["ungraded"][:SHOWN]])
        _more(len(done["ungraded"]))
    for note in done.get("notes", []):
        print(note)
    print(told("written", file=done["output"]) if done["output"] else told("nothing_written"))
    if done.get("backup"):
        print(told("backup", file=done["backup"]))


def _more(count: int) -> None:
    if count > SHOWN:
        print(told("more", count=count - SHOWN))


def summary(done: dict[str, Any], *, as_json: bool) -> None:
    """What a summary of transactions came to."""
    if as_json:
        data(done)
        return
    print(told("summarised", **{k: done[k] for k in ("transactions", "customers", "output")}))
    for key in ("without_id", "without_date", "without_amount", "after_as_of"):
        if done[key]:
            print(told(key, count=done[key]))
    if done.get("backup"):
        print(told("backup", file=done["backup"]))


def models(found: list[dict[str, Any]], *, whole: bool, as_json: bool) -> None:
    """The models there are; ``whole``: everything of one. JSON is a list either way."""
    if as_json:
        data(found)
        return
    lang = language()
    if not whole:
        rows = [(m["id"], ", ".join(m["systems"]), m["name"][lang], ", ".join(m["grades"])) for m in found]
        table([told("model_header"), told("systems"), told("name"), told("grades")], rows)
        return
    model = found[0]
    print(f"{model['id']}  {model['name'][lang]}  ({', '.join(model['blocks'])}; {model['hash']})")
    print(model["about"][lang])
    table(
        [told("field"), told("name"), told("kind"), told("unit"), told("required")],
        [(f["name"], f["label"][lang], f["kind"], f["unit"], "x" if f["required"] else "") for f in model["fields"]],
    )
    if model["options"]:
        table(
            [told("option_header"), told("default"), told("help")],
            [(name, option["default"], option["help"][lang]) for name, option in model["options"].items()],
        )
    handling = {id: playbook["handling"][lang] for id, playbook in model["playbook"].items()}
    table(
        [told("grades"), told("name"), told("handling")],
        [(id, model["labels"][id][lang], handling.get(id, "")) for id in model["grades"]],
    )


def model_written(output: Path, *, as_json: bool) -> None:
    """Where a model was written to."""
    if as_json:
        data({"output": str(output)})
    else:
        print(told("written", file=output))


def history(runs: list[dict[str, Any]], *, as_json: bool) -> None:
    """The log of a workbook."""
    if as_json:
        data(runs)
        return
    if not runs:
        print(told("no_runs"))
        return
    headers = ["Run", "Time", "Action", "Model", "Sheet", "Graded", "Counts", "Moves"]
    table(headers, [[run[header.lower()] for header in headers] for run in runs], whole=("Time",))


def restored(done: dict[str, Any], *, as_json: bool) -> None:
    """What a restore came to."""
    if as_json:
        data(done)
        return
    print(told("restored", runs=", ".join(map(str, done["runs"])), file=done["output"]))
    if done.get("backup"):
        print(told("backup", file=done["backup"]))
