"""Commands on the customers of a workbook: retier, history, restore, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.asked import AskedInTime, Target
from tieraddin.cli.base import Book, Json, Lang, NoLog, Output, command
from tieraddin.report import console, runs
from tieraddin.report.console import told


@command("retier")
def retier(
    book: Book,
    on: AskedInTime,
    *,
    to: Target,
    preview: Annotated[bool, typer.Option("--preview", help=told("preview"))] = False,
    columns: Annotated[str | None, typer.Option("--columns", help=told("columns"), show_default=False)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=told("overwrite"))] = False,
    no_log: NoLog = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Grade the customers of a workbook, in the workbook."""
    from tieraddin.actions.files import retier_file

    with console.working(json_):
        done = retier_file(
            book,
            on.rules(book, cadence=on.cadence),
            **on.place,
            columns=None if columns is None else columns.split(","),
            output=to.output,
            in_place=to.in_place,
            preview=preview,
            overwrite=overwrite,
            log=not no_log,
        )
    runs.retier(done, as_json=json_)
    return 0


@command("history")
def history(book: Book, json_: Json = False, lang: Lang = None) -> int:
    """The runs of a workbook."""
    from tieraddin.actions.files import history_of

    runs.history(history_of(book), as_json=json_)
    return 0


@command("restore")
def restore(
    book: Book,
    run: Annotated[int | None, typer.Option("--run", help=told("run"), show_default=False)] = None,
    output: Output = None,
    no_log: NoLog = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Take a run back."""
    from tieraddin.actions.files import restore_file

    with console.working(json_):
        done = restore_file(book, run, output, log=not no_log)
    runs.restored(done, as_json=json_)
    return 0


@command("demo")
def demo(
    folder: Annotated[Path, typer.Argument(help=told("folder"))] = Path(),
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Try it on the sample workbook."""
    from tieraddin.actions.demo import run_demo

    with console.working(json_):
        done = run_demo(folder)
    runs.retier(done, as_json=json_)
    return 0
