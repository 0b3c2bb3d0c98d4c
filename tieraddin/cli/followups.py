"""The command on follow-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import (
    AsOf,
    Book,
    CadenceOf,
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
from tieraddin.report import followups as reported
from tieraddin.report.console import told


@command("followups", help="followups.about")
def followups(
    book: Book,
    model: ModelId,
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    cadence: CadenceOf = None,
    as_of: AsOf = None,
    days: Annotated[int, typer.Option("--days", help=told("followups.days"))] = 14,
    days_off: Annotated[bool, typer.Option("--days-off", help=told("followups.days_off"))] = False,
    capacity: Annotated[
        float | None, typer.Option("--capacity", help=told("followups.capacity"), show_default=False)
    ] = None,
    span: Annotated[int | None, typer.Option("--span", help=told("followups.span"), show_default=False)] = None,
    output: Output = None,
    in_place: Annotated[bool, typer.Option("--in-place", help=told("in_place"))] = False,
    preview: Annotated[bool, typer.Option("--preview", help=told("followups.preview"))] = False,
    ics: Annotated[
        Path | None, typer.Option("--ics", help=told("followups.ics"), metavar="FILE|FOLDER", show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Whom to contact over the next days."""
    from tieraddin.actions.followup_files import followups_file
    from tieraddin.actions.followups import BESIDE
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.rules import Rules

    if output is not None and in_place:
        raise UsageError("cli.output_and_in_place")
    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    with console.working(json_):
        done = followups_file(
            book,
            Rules.of(model_of(model, book), options, cadence, day(as_of), BESIDE),
            days=days,
            days_off=days_off,
            cadence_of=cadence,
            sheet=sheet,
            table=table,
            given=given,
            capacity=capacity,
            span=span,
            output=output,
            in_place=in_place,
            preview=preview,
            calendar=ics,
        )
    reported.followups(done, as_json=json_)
    return 0
