"""The tiers of an open workbook: which model, graded, previewed, taken back, explained."""

from __future__ import annotations

from typing import Any

from tieraddin.actions.columns import SHARE_FORMAT, targets_of
from tieraddin.actions.files import carry_out, moved, own_columns, refuse_formulas, summary
from tieraddin.actions.history import Past, past_of
from tieraddin.actions.live.place import Given, Place, alone, planned, refuse_renamed, rules_of
from tieraddin.actions.memory import Memory
from tieraddin.actions.own_sheet import shown
from tieraddin.actions.restore import restore
from tieraddin.errors import UsageError
from tieraddin.language import say
from tieraddin.workbooks.port import LiveWorkbook

Done = dict[str, Any]


def pick(book: LiveWorkbook, model: str) -> str:
    """Let the workbook remember ``model``; its id."""
    with alone(book):
        memory = Memory(book)
        found = rules_of(book, memory, model).model.id
        if model.startswith("sheet"):
            found = model
        with book.changing():
            memory.pick(found)
        return found


def retier(book: LiveWorkbook, model: str | None = None, place: Place | None = None, given: Given = None) -> Done:
    """Grade the customers that the person looks at; what was done, as `tieraddin.actions.files.retier_file` says it.

    Parameters
    ----------
    model
        the model's id or name; None for the one that the workbook remembers.
    place
        None for what is marked: see `tieraddin.actions.live.place.marked`.

    Raises
    ------
    TieraddinError
        nothing was written, or all of it was taken back.
    """
    with alone(book):
        plan = planned(book, model, place, given, writes=True)
        targets = targets_of(plan)
        refuse_formulas(plan, own_columns(plan, targets))
        done = summary(plan, targets)
        with book.changing():
            book.tell(say("live.writing", sheet=plan.located.sheet, count=len(plan.rows)))
            carry_out(plan, targets, done)
        return done


def preview(book: LiveWorkbook, model: str | None = None, place: Place | None = None, given: Given = None) -> Done:
    """What `retier` would do, with the rows that move; nothing is written."""
    with alone(book, writes=False):
        plan = planned(book, model, place, given)
        return summary(plan, targets_of(plan)) | {"moved": moved(plan)}


def undo(book: LiveWorkbook) -> list[int]:
    """Take the last run back; the runs taken back."""
    with alone(book):
        memory = Memory(book)
        for kept in memory.standing()[-1:]:
            for sheet in [kept.sheet] if kept.sheet in book.sheet_names else book.sheet_names:
                refuse_renamed(book, memory, sheet)
        with book.changing():
            book.tell(say("live.restoring"))
            return restore(book)


def explain(book: LiveWorkbook, model: str | None = None, given: Given = None) -> list[tuple[str, str]]:
    """What is known of the customer in the row of the active cell, and what earlier runs did: titles and texts.

    Raises
    ------
    UsageError
        the row holds no customer.
    """
    with alone(book, writes=False):
        spot = book.selected()
        plan = planned(book, model, None, given)
        row = spot.first_row if spot else 0
        if row not in plan.rows:
            raise UsageError("live.no_customer_here", row=row, first=plan.rows[0], last=plan.rows[-1])
        at = plan.rows.index(row)
        said, since = plan.explain, plan.previous("since")(at)
        before = plan.before[at] if plan.before else None
        share = SHARE_FORMAT if plan.result.grading.model.score_is_share else None
        told = {
            "customer": plan.customers([at])[0],
            "grade": said.label(at),
            "score": shown(said.score(at), share),
            "reason": said.reason(at),
            "next_step": said.next_step(at),
            "handling": said.handling(at),
            "next_contact": plan.result.next_contact(at),
            "before": before if since is None else say("live.before_since", grade=before, since=since),
        }
        facts = [(say(f"live.title_{key}"), str(text)) for key, text in told.items() if text not in (None, "")]
        return [*facts, *map(_told, past_of(plan, at))]


def _told(past: Past) -> tuple[str, str]:
    """A run of before: which, and what it did with the customer."""
    none = say("live.no_grade")
    before, after = (none if grade is None else grade for grade in (past.before, past.after))
    why = say("live.past_taken_back") if past.taken_back else past.why or ""
    what = say(f"live.past_{past.action}", model=past.model, before=before, after=after, why=why)
    run = say("live.past_run", run=past.run)
    return (run if past.time is None else f"{past.time:%Y-%m-%d %H:%M} {run}", what.rstrip())
