"""What all reports are made of: sentences, tables, JSON, errors, a sign of life."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from tieraddin.actions.output import to_json
from tieraddin.language import listed, say
from tieraddin.report.widths import fitted

SHOWN = 20
"""How many rows of a list are shown to people; JSON holds them all."""
NOTHING = ("", "-", "0")
"""Cells that a list leaves out."""


def told(key: str, **facts: Any) -> str:
    """A sentence of the command line's own, or of the room that ``key`` names ("review.done")."""
    return say(key if "." in key else f"cli.{key}", **facts)


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


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    whole: Collection[str] = (),
    least: Sequence[int | None] = (),
) -> None:
    """A table for people, as wide as the screen at most: cells are wrapped, but for those of the columns ``whole``.

    Where words would be broken it is a list: a line for each row, what is blank or 0 left out. ``least`` gives each
    column the least width, or None.
    """
    from rich.console import Console
    from rich.table import Column, Table

    console = Console(highlight=False, markup=False, soft_wrap=False)
    lines = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    columns = [[header, *(line[k] for line in lines)] for k, header in enumerate(headers)]
    kept = [k for k, header in enumerate(headers) if header in whole]
    lows = [width or 0 for _, width in zip_longest(headers, least)]
    widths = fitted(columns, console.width - 2 * len(headers), kept, lows)
    if not widths:
        console.print(headers[0])
        for first, *others in lines:
            facts = [
                f"{header} {cell}" for header, cell in zip(headers[1:], others, strict=True) if cell not in NOTHING
            ]
            console.print(told("record", name=first, facts=listed(facts)))
        return
    heads = (Column(header, width=width, overflow="fold") for header, width in zip(headers, widths, strict=True))
    shown = Table(*heads, box=None, padding=(0, 2, 0, 0), header_style="bold")  # edges padded: else a wide one is cut
    for line in lines:
        shown.add_row(*line)
    console.print(shown)


def written(done: dict[str, Any], nothing: str = "") -> None:
    """Say where a workbook was written, and where a copy of the one before is; if it wasn't, say ``nothing``."""
    if done["output"]:
        print(told("written", file=done["output"]))
    elif nothing:
        print(told(nothing))
    copied(done)


def copied(done: dict[str, Any]) -> None:
    """Say where a copy of the file that was replaced is."""
    if done.get("backup"):
        print(told("backup", file=done["backup"]))


def more(count: int) -> None:
    """Say that only so many of ``count`` are shown."""
    if count > SHOWN:
        print(told("more", count=count - SHOWN))
