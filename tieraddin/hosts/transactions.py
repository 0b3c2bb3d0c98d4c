"""The command that makes customers of the transactions before the person; it asks which columns they are."""

from __future__ import annotations

from tieraddin.actions import live
from tieraddin.actions.summarise import left_out_of
from tieraddin.hosts.asked import Answer, Asked, Question
from tieraddin.language import say


def summarise(asked: Asked) -> Answer:
    """One row a customer, on a sheet of the same workbook."""
    found = live.transactions(asked.there)
    chosen: dict[str, str] = {}
    for role, answer in zip(found.unsure, [*asked.answers, *[""] * len(found.unsure)], strict=False):
        fitting = found.candidates(role)
        choices = {column: header for column, header in fitting.items() if column not in chosen.values()} or fitting
        if answer not in choices:
            return Question(say(f"live.ask_{role}", sheet=found.sheet), "choice", tuple(choices.items()))
        chosen[role] = answer
    done = live.summarise(asked.there, found, chosen)
    asked.there.show(done["sheet"])
    facts = {key: done[key] for key in ("transactions", "customers", "sheet", "as_of")}
    return "\n".join([say("live.summarised", **facts), *left_out_of(done), say("live.sheet_is_yours")])
