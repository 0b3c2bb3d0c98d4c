"""The command on formulas."""

from __future__ import annotations

from tieraddin.cli.asked import Target
from tieraddin.cli.base import Book, Json, Lang, command
from tieraddin.report import console
from tieraddin.report import recalc as reported


@command("recalc", help="recalc.about")
def recalc(book: Book, to: Target, json_: Json = False, lang: Lang = None) -> int:
    """Recalculate our formulas in a workbook."""
    from tieraddin.actions.recalc.run import recalc_file

    with console.working(json_):
        done = recalc_file(book, output=to.output, in_place=to.in_place)
    reported.recalculated(done, as_json=json_)
    return 4 if done["left"] else 0
