"""Commands on who holds a customer, and what is due for it: ownership, amounts."""

from __future__ import annotations

from dataclasses import dataclass

from tieraddin.cli.asked import Asked, Target
from tieraddin.cli.base import Book, Json, Lang, ModelId, command
from tieraddin.report import console
from tieraddin.report import ownership as reported


@dataclass(frozen=True, kw_only=True)
class OfClients(Asked):
    """What both commands are asked: of a model that says who holds a client, by default the one there is."""

    model: ModelId = "client-ownership"


@command("ownership", help="ownership.about")
def ownership(book: Book, on: OfClients, to: Target, json_: Json = False, lang: Lang = None) -> int:
    """Who holds which customer."""
    from tieraddin.actions.ownership import ownership_file

    with console.working(json_):
        rules = on.rules(book, beside=("rep",))
        done = ownership_file(book, rules, **on.place, output=to.output, in_place=to.in_place)
    reported.ownership(done, as_json=json_)
    return 0


@command("amounts", help="amounts.about")
def amounts(book: Book, on: OfClients, to: Target, json_: Json = False, lang: Lang = None) -> int:
    """What is due by stage."""
    from tieraddin.actions.phases import amounts_file

    with console.working(json_):
        rules = on.rules(book, beside=("rep",))
        done = amounts_file(book, rules, **on.place, output=to.output, in_place=to.in_place)
    reported.amounts(done, as_json=json_)
    return 0
