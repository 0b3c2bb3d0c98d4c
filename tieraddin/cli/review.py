"""The command that reviews grades: review."""

from __future__ import annotations

from typing import Annotated

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
from tieraddin.report import review as reported
from tieraddin.report.console import told


@command("review", help="review.about")
def review(
    book: Book,
    model: ModelId,
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    as_of: AsOf = None,
    days: Annotated[int, typer.Option("--days", help=told("review.option_days"))] = 14,
    apply: Annotated[bool, typer.Option("--apply", help=told("review.option_apply"))] = False,
    approved_by: Annotated[
        str | None,
        typer.Option("--approved-by", help=told("review.option_approved_by"), metavar="NAME", show_default=False),
    ] = None,
    output: Output = None,
    in_place: Annotated[bool, typer.Option("--in-place", help=told("in_place"))] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=told("review.option_overwrite"))] = False,
    no_log: Annotated[bool, typer.Option("--no-log", help=told("no_log"))] = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """What moves up or down today, and why."""
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.review import review_file
    from tieraddin.actions.rules import Rules
    from tieraddin.grading.review import FIELDS

    if output is not None and in_place:
        raise UsageError("cli.output_and_in_place")
    if not apply and (output is not None or in_place or overwrite):
        raise UsageError("review.output_without_apply")
    if days < 0:
        raise UsageError("review.days_below_zero", days=days)
    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    with console.working(json_):
        done = review_file(
            book,
            Rules.of(model_of(model, book), options, as_of=day(as_of), beside=FIELDS),
            sheet=sheet,
            table=table,
            given=given,
            days=days,
            apply=apply,
            approver=(approved_by or "").strip() or None,
            overwrite=overwrite,
            output=output,
            in_place=in_place,
            log=not no_log,
        )
    reported.review(done, as_json=json_)
    return 0
