"""The command that tells whether a grade is worth anything."""

from __future__ import annotations

from typing import Annotated

import typer

from tieraddin.cli.base import Json, Lang, ModelId, Options, Sheet, Table, Transactions, command, day, pairs
from tieraddin.report import console
from tieraddin.report import stability as reported
from tieraddin.report.console import told


@command("stability", help="stability.about")
def stability(
    transactions: Transactions,
    model: ModelId,
    id_: Annotated[str, typer.Option("--id", help=told("id"), metavar="HEADER", show_default=False)],
    date: Annotated[str, typer.Option("--date", help=told("date"), metavar="HEADER", show_default=False)],
    amount: Annotated[str, typer.Option("--amount", help=told("amount"), metavar="HEADER", show_default=False)],
    split: Annotated[
        str | None, typer.Option("--split", help=told("stability.split"), metavar="DATE", show_default=False)
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help=told("stability.first"), metavar="DATE", show_default=False)
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", help=told("stability.last"), metavar="DATE", show_default=False)
    ] = None,
    sheet: Sheet = None,
    table: Table = None,
    option: Options = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Grade two periods and hold them against each other."""
    from tieraddin.actions.rules import Rules
    from tieraddin.actions.stability.check import stability_file

    options = pairs(option, "models.option_form")
    days = {
        name: None if text is None else day(text) for name, text in (("split", split), ("first", first), ("last", last))
    }
    with console.working(json_):
        check = stability_file(
            transactions, id_, date, amount, Rules.of(model, options), sheet=sheet, table=table, **days
        )
    reported.stability(check, as_json=json_)
    return 0
