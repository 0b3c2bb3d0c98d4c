"""The commands of menu and ribbon that work on customers: what `tieraddin.actions.live` does, in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from tieraddin.actions import live
from tieraddin.errors import TableRefused
from tieraddin.hosts.asked import Answer, Asked, Question, column_choice, table
from tieraddin.language import language, listed, say

_MOST_TOLD = 14
"""So many facts fit into a message on the screen."""
_MOVES = ("row", "customer", "from", "to")
_CHANGES = ("row", "customer", "from", "to", "due", "deadline", "days_late", "reason")


def _asking(act: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """A command that asks which column is meant where more than one fits a field; a re-tier remembers it."""

    @wraps(act)
    def made(asked: Asked) -> Answer:
        try:
            return act(asked)
        except TableRefused as fault:
            if fault.key != "tables.two_columns" or "choices" not in fault.facts:
                raise
            name, headers = fault.facts["name"], fault.facts["choices"]
            choices = tuple(column_choice(name, header) for header in headers)
            return Question(say("live.ask_column", field=fault.facts["field"]), "choice", choices)

    return made


@_asking
def retier(asked: Asked) -> Answer:
    """Grade the customers."""
    done = live.retier(asked.there, given=asked.columns)
    return "\n".join([say("live.retiered", **_counted(done)), say("live.taken_back_by"), *_notes(done)])


@_asking
def preview(asked: Asked) -> Answer:
    """What a re-tier would change."""
    done = live.preview(asked.there, given=asked.columns)
    head = [[say("live.previewed", **_counted(done))], *([note] for note in _notes(done))]
    counts = [[move["from"], move["to"], move["count"]] for move in done["moves"]]
    ungraded = [[row["row"], row["reason"]] for row in done["ungraded"]]
    return table(
        head,
        _headed(("from", "to", "count"), counts),
        _headed(_MOVES, [[move[key] for key in _MOVES] for move in done["moved"]]),
        _headed(("row", "ungraded"), ungraded),
    )


@_asking
def explain(asked: Asked) -> Answer:
    """What is known of the customer in the row of the cursor; too much for a message is shown as rows."""
    told = live.explain(asked.there, given=asked.columns)
    if len(told) > _MOST_TOLD:
        return table(told)
    return "\n\n".join(say("live.fact", title=title, text=text) for title, text in told)


def undo(asked: Asked) -> Answer:
    """Take the last run back."""
    return say("live.undone", runs=listed(live.undo(asked.there)))


@_asking
def followups(asked: Asked) -> Answer:
    """Whom to contact over the next two weeks, on sheets of our own; asks for a rhythm where the model has none."""
    rhythm = next(iter(asked.answers), None)
    if rhythm is None and (models := live.rhythms(asked.there)):
        choices = tuple((model.id, f"{model.name[language()]} ({model.id})") for model in models)
        return Question(say("live.ask_rhythm"), "choice", choices)
    done = live.followups(asked.there, cadence=rhythm, given=asked.columns)
    asked.there.show(done["sheets"][0])
    return say("live.listed", count=done["count"], late=done["late"], sheets=listed(done["sheets"]))


@_asking
def review(asked: Asked) -> Answer:
    """What moves up or down today, and why."""
    done = live.review(asked.there, given=asked.columns)
    facts = {key: done[key] for key in ("model", "sheet", "table", "rows", "as_of", "days", "late")}
    facts |= {key: len(done[key]) for key in ("moves", "waiting", "coming")}
    head = [say("review.done", **facts), done["calendar"], *done["left_out_said"], *done["notes"]]
    lists = [
        [[say(f"review.heading_{key}")], *_headed(_CHANGES, [[one[name] for name in _CHANGES] for one in done[key]])]
        for key in ("moves", "waiting", "coming")
        if done[key]
    ]
    return table([[line] for line in head if line], *lists)


@_asking
def pareto(asked: Asked) -> Answer:
    """Who makes the value, as a chart on a sheet of its own."""
    return _drawn(asked, live.pareto(asked.there, given=asked.columns))


@_asking
def dashboard(asked: Asked) -> Answer:
    """Mix of grades, moves and workload, as charts and tables on a sheet of their own."""
    return _drawn(asked, live.dashboard(asked.there, given=asked.columns))


def pick_model(asked: Asked) -> Answer:
    """Let the workbook remember a model."""
    return say("live.picked", model=live.pick(asked.there, asked.detail))


def _drawn(asked: Asked, sheet: str) -> str:
    asked.there.show(sheet)
    return say("live.drawn", sheet=sheet)


def _counted(done: dict[str, Any]) -> dict[str, Any]:
    counts = listed(f"{grade} {count}" for grade, count in done["counts"].items())
    return {key: done[key] for key in ("model", "sheet", "table", "rows", "graded")} | {"counts": counts}


def _notes(done: dict[str, Any]) -> list[str]:
    return [*done["left_out_said"], *done["notes"]]


def _headed(keys: tuple[str, ...], rows: list[list[Any]]) -> list[list[Any]]:
    """Rows below their headers, nothing where there are none."""
    return [[say(f"live.head_{key}") for key in keys], *rows] if rows else []
