"""The command on the mix of customers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import AsOf, Book, Json, Lang, Maps, ModelId, Options, Sheet, Table, command, day, pairs
from tieraddin.errors import UsageError
from tieraddin.report import console
from tieraddin.report import portfolio as reported
from tieraddin.report.console import told


@command("portfolio", help="portfolio.about")
def portfolio(
    book: Book,
    model: ModelId,
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
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=told("portfolio.output"), show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Look at the mix of customers."""
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.portfolio import BESIDE, portfolio_file
    from tieraddin.actions.rules import Rules

    for name, number in (("--smallest", smallest), ("--per-manager", per_manager)):
        if number is not None and number < 1:
            raise UsageError("portfolio.not_positive", option=name, value=number)
    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    with console.working(json_):
        done = portfolio_file(
            book,
            Rules.of(model_of(model, book), options, as_of=day(as_of), beside=BESIDE),
            output=output,
            by=by,
            value=value,
            tolerance=None if tolerance is None else _share(tolerance),
            smallest=smallest,
            per_manager=per_manager,
            sheet=sheet,
            table=table,
            given=given,
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
