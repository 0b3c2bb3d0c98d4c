"""Commands on data: grade, summarise."""

from __future__ import annotations

from typing import Annotated

import typer

from tieraddin.cli.asked import AskedInTime
from tieraddin.cli.base import AsOf, Json, Lang, Output, Sheet, Table, Transactions, command, day
from tieraddin.report import console, runs
from tieraddin.report.console import told


@command("grade")
def grade(
    source: Annotated[str, typer.Argument(help=told("input"), metavar="INPUT", show_default=False)],
    on: AskedInTime,
    format_: Annotated[str | None, typer.Option("--format", help=told("format"), metavar="csv|json|parquet")] = None,
    output: Output = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Grade data rather than a workbook."""
    from tieraddin.actions.data import grade_source
    from tieraddin.actions.rules import Rules

    with console.working(json_ or output is None):
        grade_source(
            source,
            Rules.of(on.model, on.options, on.cadence, on.day),
            **on.place,
            form=format_ or ("json" if json_ else None),
            output=output,
        )
    return 0


@command("summarise")
def summarise(
    transactions: Transactions,
    id_: Annotated[str, typer.Option("--id", help=told("id"), metavar="HEADER", show_default=False)],
    date: Annotated[str, typer.Option("--date", help=told("date"), metavar="HEADER", show_default=False)],
    amount: Annotated[str, typer.Option("--amount", help=told("amount"), metavar="HEADER", show_default=False)],
    sheet: Sheet = None,
    table: Table = None,
    as_of: AsOf = None,
    output: Output = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """One row a customer out of transactions."""
    from tieraddin.actions.summarise import summarise_file

    with console.working(json_):
        done = summarise_file(
            transactions, id_, date, amount, sheet=sheet, table=table, as_of=day(as_of), output=output
        )
    runs.summary(done, as_json=json_)
    return 0
