"""The command on the mix of customers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.asked import Asked
from tieraddin.cli.base import Book, Json, Lang, command
from tieraddin.errors import UsageError
from tieraddin.report import console
from tieraddin.report import portfolio as reported
from tieraddin.report.console import told


@command("portfolio", help="portfolio.about")
def portfolio(
    book: Book,
    on: Asked,
    by: Annotated[
        list[str] | None, typer.Option("--by", help=told("portfolio.by"), metavar="FIELD|HEADER", show_default=False)
    ] = None,
    value: Annotated[
        str | None, typer.Option("--value", help=told("portfolio.value"), metavar="FIELD|HEADER", show_default=False)
    ] = None,
    tolerance: Annotated[
        str | None, typer.Option("--tolerance", help=told("portfolio.tolerance"), metavar="SHARE", show_default=False)
    ] = None,
    smallest: Annotated[
        int | None, typer.Option("--smallest", help=told("portfolio.smallest"), metavar="N", show_default=False)
    ] = None,
    per_manager: Annotated[
        int | None, typer.Option("--per-manager", help=told("portfolio.per_manager"), metavar="N", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=told("portfolio.output"), show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Look at the mix of customers."""
    from tieraddin.actions.portfolio.check import BESIDE, portfolio_file

    for name, number in (("--smallest", smallest), ("--per-manager", per_manager)):
        if number is not None and number < 1:
            raise UsageError("portfolio.not_positive", option=name, value=number)
    with console.working(json_):
        done = portfolio_file(
            book,
            on.rules(book, beside=BESIDE),
            output=output,
            by=by,
            value=value,
            tolerance=None if tolerance is None else _share(tolerance),
            smallest=smallest,
            per_manager=per_manager,
            **on.place,
        )
    reported.portfolio(done, as_json=json_)
    return 0


def _share(text: str) -> float:
    """A share as people write it: 0.1 or 10%."""
    from tieraddin.tables.numerals import read_number

    number = read_number(text)[0]
    if not 0 <= number <= 1:
        raise UsageError("portfolio.tolerance_range", value=text)
    return number
