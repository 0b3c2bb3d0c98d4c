"""The commands of menu and ribbon that work on customers: what `tieraddin.actions.live` does, in words."""

from __future__ import annotations

from typing import Any

from tieraddin.actions import live
from tieraddin.hosts.asked import Answer, Asked, Question, table
from tieraddin.language import language, say

_MOST_TOLD = 14
"""So many facts fit into a message on the screen."""
_MOVES = ("row", "customer", "from", "to")
_CHANGES = ("row", "customer", "from", "to", "due", "deadline", "days_late", "reason")


def retier(asked: Asked) -> Answer:
    """Grade the customers."""
    done = live.retier(asked.there)
    return "\n".join([say("live.retiered", **_counted(done)), say("live.taken_back_by"), *_notes(done)])


def preview(asked: Asked) -> Answer:
    """What a re-tier would change."""
    done = live.preview(asked.there)
    head = [[say("live.previewed", **_counted(done))], *([note] for note in _notes(done))]
    counts = [[move["from"], move["to"], move["count"]] for move in done["moves"]]
    ungraded = [[row["row"], row["reason"]] for row in done["ungraded"]]
    return table(
        head,
        _headed(("from", "to", "count"), counts),
        _headed(_MOVES, [[move[key] for key in _MOVES] for move in done["moved"]]),
        _headed(("row", "ungraded"), ungraded),
    )


def explain(asked: Asked) -> Answer:
    """What is known of the customer in the row of the cursor; too much for a message is shown as rows."""
    told = live.explain(asked.there)
    if len(told) > _MOST_TOLD:
        return table(told)
    return "\n\n".join(f"{title}: {text}" for title, text in told)


def undo(asked: Asked) -> Answer:
    """Take the last run back."""
    return say("live.undone", runs=", ".join(map(str, live.undo(asked.there))))


def followups(asked: Asked) -> Answer:
    """Whom to contact over the next two weeks, on sheets of our own; asks for a rhythm where the model has none."""
    rhythm = next(iter(asked.answers), None)
    if rhythm is None and (models := live.rhythms(asked.there)):
        choices = tuple((model.id, f"{model.name[language()]} ({model.id})") for model in models)
        return Question(say("live.ask_rhythm"), "choice", choices)
    done = live.followups(asked.there, cadence=rhythm)
    asked.there.show(done["sheets"][0])
    return say("live.listed", count=done["count"], late=done["late"], sheets=", ".join(done["sheets"]))


def review(asked: Asked) -> Answer:
    """What moves up or down today, and why."""
    done = live.review(asked.there)
    facts = {key: done[key] for key in ("model", "sheet", "table", "rows", "as_of", "days", "late")}
    facts |= {key: len(done[key]) for key in ("moves", "waiting", "coming")}
    head = [say("review.done", **facts), done["calendar"], *done["left_out_said"], *done["notes"]]
    lists = [
        [[say(f"review.heading_{key}")], *_headed(_CHANGES, [[one[name] for name in _CHANGES] for one in done[key]])]
        for key in ("moves", "waiting", "coming")
        if done[key]
    ]
    return table([[line] for line in head if line], *lists)


def pareto(asked: Asked) -> Answer:
    """Who makes the value, as a chart on a sheet of its own."""
    return _drawn(asked, live.pareto(asked.there))


def dashboard(asked: Asked) -> Answer:
    """Mix of grades, moves and workload, as charts and tables on a sheet of their own."""
    return _drawn(asked, live.dashboard(asked.there))


def pick_model(asked: Asked) -> Answer:
    """Let the workbook remember a model."""
    return say("live.picked", model=live.pick(asked.there, asked.detail))


def _drawn(asked: Asked, sheet: str) -> str:
    asked.there.show(sheet)
    return say("live.drawn", sheet=sheet)


def _counted(done: dict[str, Any]) -> dict[str, Any]:
    counts = ", ".join(f"{grade} {count}" for grade, count in done["counts"].items())
    return {key: done[key] for key in ("model", "sheet", "table", "rows", "graded")} | {"counts": counts}


def _notes(done: dict[str, Any]) -> list[str]:
    return [*done["left_out_said"], *done["notes"]]


def _headed(keys: tuple[str, ...], rows: list[list[Any]]) -> list[list[Any]]:
    """Rows below their headers, nothing where there are none."""
    return [[say(f"live.head_{key}") for key in keys], *rows] if rows else []
