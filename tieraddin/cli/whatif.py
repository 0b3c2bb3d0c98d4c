"""The command on other rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from tieraddin.cli.asked import AskedInTime
from tieraddin.cli.base import Book, Json, Lang, command
from tieraddin.report import console
from tieraddin.report import whatif as reported
from tieraddin.report.console import told


@dataclass(frozen=True, kw_only=True)
class Supposed(AskedInTime):
    """What is asked; the options are those that would be."""

    option: Annotated[
        list[str] | None,
        typer.Option("--option", help=told("whatif.option"), metavar="NAME=VALUE", show_default=False),
    ] = None


@command("whatif", help="whatif.about")
def whatif(
    book: Book,
    on: Supposed,
    with_model: Annotated[
        str | None, typer.Option("--with-model", help=told("whatif.with_model"), metavar="ID", show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """What would be if other rules held."""
    from tieraddin.actions.models.worksheet import model_of
    from tieraddin.actions.rules import Rules
    from tieraddin.actions.whatif import whatif_file

    now = Rules.of(model_of(on.model, book), None, on.cadence, on.day)
    then = None if with_model is None else Rules.of(model_of(with_model, book), on.options, on.cadence, on.day)
    with console.working(json_):
        done = whatif_file(book, now, on.options, other=then, **on.place)
    reported.whatif(done, as_json=json_)
    return 0
