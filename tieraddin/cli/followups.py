"""The command on follow-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.asked import AskedInTime, Target
from tieraddin.cli.base import Book, Json, Lang, command
from tieraddin.report import console
from tieraddin.report import followups as reported
from tieraddin.report.console import told


@command("followups", help="followups.about")
def followups(
    book: Book,
    on: AskedInTime,
    *,
    days: Annotated[int, typer.Option("--days", help=told("followups.days"))] = 14,
    days_off: Annotated[bool, typer.Option("--days-off", help=told("followups.days_off"))] = False,
    capacity: Annotated[
        float | None, typer.Option("--capacity", help=told("followups.capacity"), show_default=False)
    ] = None,
    span: Annotated[int | None, typer.Option("--span", help=told("followups.span"), show_default=False)] = None,
    to: Target,
    preview: Annotated[bool, typer.Option("--preview", help=told("followups.preview"))] = False,
    ics: Annotated[
        Path | None, typer.Option("--ics", help=told("followups.ics"), metavar="FILE|FOLDER", show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Whom to contact over the next days."""
    from tieraddin.actions.followups.files import followups_file
    from tieraddin.actions.followups.plan import BESIDE

    with console.working(json_):
        done = followups_file(
            book,
            on.rules(book, cadence=on.cadence, beside=BESIDE),
            days=days,
            days_off=days_off,
            **on.place,
            capacity=capacity,
            span=span,
            output=to.output,
            in_place=to.in_place,
            preview=preview,
            calendar=ics,
        )
    reported.followups(done, as_json=json_)
    return 0
