"""The command on formulas."""

from __future__ import annotations

from typing import Annotated

import typer

from tieraddin.cli.base import Book, Json, Lang, Output, command
from tieraddin.errors import UsageError
from tieraddin.report import console
from tieraddin.report import recalc as reported
from tieraddin.report.console import told


@command("recalc", help="recalc.about")
def recalc(
    book: Book,
    output: Output = None,
    in_place: Annotated[bool, typer.Option("--in-place", help=told("in_place"))] = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Recalculate our formulas in a workbook."""
    from tieraddin.actions.recalc import recalc_file

    if output is not None and in_place:
        raise UsageError("cli.output_and_in_place")
    with console.working(json_):
        done = recalc_file(book, output=output, in_place=in_place)
    reported.recalculated(done, as_json=json_)
    return 4 if done["left"] else 0
