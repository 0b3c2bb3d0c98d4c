"""Commands on data: grade, summarise."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tieraddin.cli.asked import AskedInTime
from tieraddin.cli.base import AsOf, Json, Lang, Output, Sheet, Table, Transactions, command, day
from tieraddin.report import console, runs, scale
from tieraddin.report.console import told

Columns = Annotated[str | None, typer.Option("--columns", help=told("scale.about_columns"), show_default=False)]
Cluster = Annotated[
    str | None, typer.Option("--cluster", help=told("scale.about_cluster"), metavar="ADDRESS", show_default=False)
]


@command("grade")
def grade(
    source: Annotated[str, typer.Argument(help=told("input"), metavar="INPUT", show_default=False)],
    on: AskedInTime,
    format_: Annotated[str | None, typer.Option("--format", help=told("format"), metavar="csv|json|parquet")] = None,
    columns: Columns = None,
    cluster: Cluster = None,
    output: Output = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Grade data rather than a workbook."""
    from tieraddin.actions.data import grade_source
    from tieraddin.actions.rules import Rules

    to_parquet = output is not None and output.suffix.lower() == ".parquet"  # --json is then about the run's account
    with console.working(json_ or output is None):
        done = grade_source(
            source,
            Rules.of(on.model, on.options, on.cadence, on.day),
            **on.place,
            form=format_ or ("json" if json_ and not to_parquet else None),
            output=output,
            columns=None if columns is None else columns.split(","),
            cluster=cluster,
        )
    if done is not None:
        scale.graded(done, as_json=json_)
    elif output is not None and not json_:
        print(told("written", file=output), file=sys.stderr)  # as data goes to standard output, what is told does not
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
