"""The command that reviews grades: review."""

from __future__ import annotations

from typing import Annotated

import typer

from tieraddin.cli.asked import Asked, Target
from tieraddin.cli.base import Book, Json, Lang, NoLog, command
from tieraddin.errors import UsageError
from tieraddin.report import console
from tieraddin.report import review as reported
from tieraddin.report.console import told


@command("review", help="review.about")
def review(
    book: Book,
    on: Asked,
    *,
    days: Annotated[int, typer.Option("--days", help=told("review.option_days"))] = 14,
    apply: Annotated[bool, typer.Option("--apply", help=told("review.option_apply"))] = False,
    approved_by: Annotated[
        str | None,
        typer.Option("--approved-by", help=told("review.option_approved_by"), metavar="NAME", show_default=False),
    ] = None,
    to: Target,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=told("review.option_overwrite"))] = False,
    no_log: NoLog = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """What moves up or down today, and why."""
    from tieraddin.actions.review.run import review_file
    from tieraddin.grading.review import FIELDS

    if not apply and (to != Target() or overwrite):
        raise UsageError("review.output_without_apply")
    if days < 0:
        raise UsageError("review.days_below_zero", days=days)
    with console.working(json_):
        done = review_file(
            book,
            on.rules(book, beside=FIELDS),
            **on.place,
            days=days,
            apply=apply,
            approver=(approved_by or "").strip() or None,
            overwrite=overwrite,
            output=to.output,
            in_place=to.in_place,
            log=not no_log,
        )
    reported.review(done, as_json=json_)
    return 0
