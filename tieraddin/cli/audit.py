"""The command that looks through records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.asked import Asked
from tieraddin.cli.base import Book, Json, Lang, command
from tieraddin.report import audit as reported
from tieraddin.report import console
from tieraddin.report.console import told


@command("audit", help="audit.about")
def audit(
    book: Book,
    on: Asked,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=told("audit.output"), show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Look through the records of a workbook."""
    from tieraddin.actions.audit.check import BESIDE, audit_file

    with console.working(json_):
        done = audit_file(book, on.rules(book, beside=BESIDE), **on.place, output=output)
    reported.audit(done, as_json=json_)
    return 0
