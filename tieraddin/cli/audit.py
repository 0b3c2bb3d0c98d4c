"""The command that looks through records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import AsOf, Book, Json, Lang, Maps, ModelId, Options, Sheet, Table, command, day, pairs
from tieraddin.report import audit as reported
from tieraddin.report import console
from tieraddin.report.console import told


@command("audit", help="audit.about")
def audit(
    book: Book,
    model: ModelId,
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=told("audit.output"), show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Look through the records of a workbook."""
    from tieraddin.actions.audit import BESIDE, audit_file
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.rules import Rules

    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    with console.working(json_):
        done = audit_file(
            book,
            Rules.of(model_of(model, book), options, as_of=day(as_of), beside=BESIDE),
            output=output,
            sheet=sheet,
            table=table,
            given=given,
        )
    reported.audit(done, as_json=json_)
    return 0
