"""Commands on who holds a customer, and what is due for it: ownership, amounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tieraddin.cli.base import (
    AsOf,
    Book,
    Json,
    Lang,
    Maps,
    ModelId,
    Options,
    Output,
    Sheet,
    Table,
    command,
    day,
    pairs,
)  # fmt: skip
from tieraddin.errors import UsageError
from tieraddin.report import console
from tieraddin.report import ownership as reported
from tieraddin.report.console import told

InPlace = Annotated[bool, typer.Option("--in-place", help=told("ownership.option_in_place"))]


@command("ownership", help="ownership.about")
def ownership(
    book: Book,
    model: ModelId = "client-ownership",
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    as_of: AsOf = None,
    output: Output = None,
    in_place: InPlace = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Who holds which customer."""
    from tieraddin.actions.ownership import ownership_file

    asked = _asked(model, book, map_, option, as_of, output, in_place)
    with console.working(json_):
        done = ownership_file(book, **asked, sheet=sheet, table=table)
    reported.ownership(done, as_json=json_)
    return 0


@command("amounts", help="amounts.about")
def amounts(
    book: Book,
    model: ModelId = "client-ownership",
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    as_of: AsOf = None,
    output: Output = None,
    in_place: InPlace = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """What is due by stage."""
    from tieraddin.actions.phases import amounts_file

    asked = _asked(model, book, map_, option, as_of, output, in_place)
    with console.working(json_):
        done = amounts_file(book, **asked, sheet=sheet, table=table)
    reported.amounts(done, as_json=json_)
    return 0


def _asked(
    model: str,
    book: Path,
    map_: list[str] | None,
    option: list[str] | None,
    as_of: str | None,
    output: Path | None,
    in_place: bool,
) -> dict[str, Any]:
    """What both commands hand on."""
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.rules import Rules

    if output is not None and in_place:
        raise UsageError("cli.output_and_in_place")
    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    rules = Rules.of(model_of(model, book), options, as_of=day(as_of), beside=("rep",))
    return {"rules": rules, "given": given, "output": output, "in_place": in_place}
