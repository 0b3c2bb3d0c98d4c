"""The command on other rules."""

from __future__ import annotations

from typing import Annotated

import typer

from tieraddin.cli.base import AsOf, Book, CadenceOf, Json, Lang, Maps, ModelId, Sheet, Table, command, day, pairs
from tieraddin.report import console
from tieraddin.report import whatif as reported
from tieraddin.report.console import told


@command("whatif", help="whatif.about")
def whatif(
    book: Book,
    model: ModelId,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", help=told("whatif.option"), metavar="NAME=VALUE", show_default=False),
    ] = None,
    with_model: Annotated[
        str | None, typer.Option("--with-model", help=told("whatif.with_model"), metavar="ID", show_default=False)
    ] = None,
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    cadence: CadenceOf = None,
    as_of: AsOf = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """What would be if other rules held."""
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.rules import Rules
    from tieraddin.actions.whatif import whatif_file

    given, options, on = pairs(map_, "cli.map_form"), pairs(option, "models.option_form"), day(as_of)
    with console.working(json_):
        done = whatif_file(
            book,
            Rules.of(model_of(model, book), None, cadence, on),
            options,
            other=None if with_model is None else Rules.of(model_of(with_model, book), options, cadence, on),
            sheet=sheet,
            table=table,
            given=given,
        )
    reported.whatif(done, as_json=json_)
    return 0
