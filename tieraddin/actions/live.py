"""The actions on a workbook that a person has open: where they mean, all or nothing, one at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple

from tieraddin.actions import chart_sheets
from tieraddin.actions.columns import SHARE_FORMAT, targets_of
from tieraddin.actions.files import carry_out, moved, own_columns, refuse_formulas, summary
from tieraddin.actions.followups.plan import BESIDE as FOLLOWUP_FIELDS
from tieraddin.actions.followups.plan import plan_followups, rhythms_for
from tieraddin.actions.followups.sheets import write_sheets
from tieraddin.actions.followups.workload import workload
from tieraddin.actions.history import Past, past_of
from tieraddin.actions.memory import Memory
from tieraddin.actions.models.worksheet import model_in
from tieraddin.actions.own_sheet import shown
from tieraddin.actions.portfolio.check import BESIDE as PORTFOLIO_FIELDS
from tieraddin.actions.portfolio.check import check_portfolio
from tieraddin.actions.restore import restore
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.review.run import plan_review
from tieraddin.actions.rules import Rules
from tieraddin.actions.summarise import summarise as summarised
from tieraddin.actions.transactions import Transactions, find_transactions, write_customers
from tieraddin.errors import TableRefused, UsageError, WorkbookRefused
from tieraddin.grading.review import FIELDS as REVIEW_FIELDS
from tieraddin.language import say
from tieraddin.models.schema import Model
from tieraddin.tables.layout import common
from tieraddin.workbooks.port import LiveWorkbook

Done = dict[str, Any]
_RUNNING = Lock()


class Place(NamedTuple):
    """Where a run works: a sheet, and of it an Excel table by its name or an area by its address; None for all."""

    sheet: str
    table: str | None = None


def retier(book: LiveWorkbook, model: str | None = None, place: Place | None = None) -> Done:
    """Grade the customers that the person looks at; what was done, as `tieraddin.actions.files.retier_file` says it.

    Parameters
    ----------
    model
        the model's id or name; None for the one that the workbook remembers.
    place
        None for what is marked: see `marked`.

    Raises
    ------
    TieraddinError
        nothing was written, or all of it was taken back.
    """
    with _alone(book):
        plan = _planned(book, model, place)
        targets = targets_of(plan)
        refuse_formulas(plan, own_columns(plan, targets))
        done = summary(plan, targets)
        with book.changing():
            book.tell(say("live.writing", sheet=plan.located.sheet, count=len(plan.rows)))
            carry_out(plan, targets, done)
        return done


def preview(book: LiveWorkbook, model: str | None = None, place: Place | None = None) -> Done:
    """What `retier` would do, with the rows that move; nothing is written."""
    with _alone(book):
        plan = _planned(book, model, place)
        return summary(plan, targets_of(plan)) | {"moved": moved(plan)}


def undo(book: LiveWorkbook) -> list[int]:
    """Take the last run back; the runs taken back."""
    with _alone(book):
        memory = Memory(book)
        for kept in memory.standing()[-1:]:
            if kept.sheet in book.sheet_names:
                _check_renamed(book, memory, kept.sheet)
        with book.changing():
            book.tell(say("live.restoring"))
            return restore(book)


def explain(book: LiveWorkbook, model: str | None = None) -> list[tuple[str, str]]:
    """What is known of the customer in the row of the active cell, and what earlier runs did: titles and texts.

    Raises
    ------
    UsageError
        the row holds no customer.
    """
    with _alone(book):
        spot = book.selected()
        plan = _planned(book, model, None)
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


def rhythms(book: LiveWorkbook) -> list[Model]:
    """The models whose follow-up rhythm `followups` can take, where the workbook's own model has none; else []."""
    with _alone(book):
        rules = _rules(book, Memory(book), None)
        return [] if rules.cadence else rhythms_for(rules.model)


def followups(book: LiveWorkbook, model: str | None = None, days: int = 14, cadence: str | None = None) -> Done:
    """Whom to contact over the next ``days``, on sheets of our own; ``cadence`` names a model whose rhythm is taken."""
    with _alone(book):
        memory = Memory(book)
        place, rules = marked(book, memory), _rules(book, memory, model, FOLLOWUP_FIELDS, cadence)
        found = plan_followups(
            book, rules, days=days, days_off=False, cadence_of=cadence, sheet=place.sheet, table=place.table
        )
        with book.changing():
            book.tell(say("live.listing"))
            return {
                "count": len(found.entries),
                "late": found.late,
                "sheets": write_sheets(book, found, workload(found, None, None)),
            }


def transactions(book: LiveWorkbook) -> Transactions:
    """The transactions that the person looks at, and which of their columns are to be asked for."""
    with _alone(book):
        memory = Memory(book)
        place = marked(book, memory)
        return find_transactions(book, memory, place.sheet, place.table)


def summarise(book: LiveWorkbook, found: Transactions, chosen: Mapping[str, str], as_of: dt.date | None = None) -> Done:
    """Make one row a customer out of transactions, on a new sheet; counts, ``sheet`` and ``as_of`` (default: today).

    Parameters
    ----------
    chosen
        for each column that `transactions` was unsure of its number on the sheet.
    """
    with _alone(book):
        day = as_of or dt.date.today()
        ids, days, amounts = found.columns(book, chosen)
        columns, counts = summarised(ids, days, amounts, day)
        if not counts["customers"]:
            raise TableRefused("live.no_transactions", sheet=found.sheet)
        with book.changing():
            book.tell(say("live.summarising", count=counts["transactions"]))
            return counts | {"sheet": write_customers(book, list(columns.values())), "as_of": day}


def review(book: LiveWorkbook, model: str | None = None, days: int = 14) -> Done:
    """What moves up or down today, and why; nothing is written."""
    with _alone(book):
        place, rules = _asked(book, model, REVIEW_FIELDS)
        return plan_review(book, rules, sheet=place.sheet, table=place.table, days=days).summary()


def pareto(book: LiveWorkbook, model: str | None = None) -> str:
    """Who makes the value, as a chart on a sheet of our own; its name."""
    with _alone(book):
        plan = _planned(book, model, None)
        with book.changing():
            book.tell(say("live.drawing"))
            return chart_sheets.pareto(book, plan)


def dashboard(book: LiveWorkbook, model: str | None = None) -> str:
    """How the customers stand, as tables and charts on a sheet of our own; its name."""
    with _alone(book):
        place, rules = _asked(book, model, PORTFOLIO_FIELDS)
        check = check_portfolio(book, rules, sheet=place.sheet, table=place.table)
        with book.changing():
            book.tell(say("live.drawing"))
            return chart_sheets.dashboard(book, check)


def pick(book: LiveWorkbook, model: str) -> str:
    """Let the workbook remember ``model``; its id."""
    with _alone(book):
        memory = Memory(book)
        found = _rules(book, memory, model).model.id
        if model.startswith("sheet"):
            found = model
        with book.changing():
            memory.pick(found)
        return found


def marked(book: LiveWorkbook, memory: Memory) -> Place:
    """Where a run works by what the person looks at.

    Marked cells within an Excel table mean the table; an area of several rows and columns elsewhere means itself; a
    single cell, a column or a row mean the sheet.

    Raises
    ------
    WorkbookRefused
        the person looks at a sheet without cells.
    TableRefused
        the person looks at a sheet of our own.
    """
    sheet, spot = book.active_sheet, book.selected()
    if sheet is None:
        raise WorkbookRefused("live.no_cells")
    if sheet in memory.sheets:
        raise TableRefused("live.own_sheet", sheet=sheet)
    used = book.used_range(sheet)
    if spot is None or used is None:
        return Place(sheet)
    inside = [table.name for table in book.tables(sheet) if common(table.area, spot) == spot]
    if inside:
        return Place(sheet, inside[0])
    area = common(used, spot)
    wide = area is not None and area.first_row < area.last_row and area.first_column < area.last_column
    return Place(sheet, str(area) if wide else None)


def _told(past: Past) -> tuple[str, str]:
    """A run of before: which, and what it did with the customer."""
    none = say("live.no_grade")
    before, after = (none if grade is None else grade for grade in (past.before, past.after))
    why = say("live.past_taken_back") if past.taken_back else past.why or ""
    what = say(f"live.past_{past.action}", model=past.model, before=before, after=after, why=why)
    run = say("live.past_run", run=past.run)
    return (run if past.time is None else f"{past.time:%Y-%m-%d %H:%M} {run}", what.rstrip())


@contextmanager
def _alone(book: LiveWorkbook) -> Iterator[None]:
    """Refuse while another run is in progress, or the workbook can't be written."""
    if not _RUNNING.acquire(blocking=False):
        raise UsageError("live.running")
    try:
        if fault := book.fault():
            raise fault
        yield
    finally:
        _RUNNING.release()


def _asked(book: LiveWorkbook, model: str | None, beside: tuple[str, ...]) -> tuple[Place, Rules]:
    """Where the person means, and by which rules."""
    memory = Memory(book)
    return marked(book, memory), _rules(book, memory, model, beside)


def _rules(
    book: LiveWorkbook, memory: Memory, model: str | None, beside: tuple[str, ...] = (), cadence: str | None = None
) -> Rules:
    name = model or memory.model
    if name is None:
        raise UsageError("live.no_model")
    return Rules.of(model_in(name, book, say("live.this_workbook")), cadence=cadence, beside=beside)


def _planned(book: LiveWorkbook, model: str | None, place: Place | None) -> Retier:
    """A re-tier worked out; a protected sheet is refused before anything is read."""
    memory = Memory(book)
    where = place or marked(book, memory)
    if where.sheet in book.sheet_names:
        book.check_writable(where.sheet)
        _check_renamed(book, memory, where.sheet)
    return plan_retier(book, _rules(book, memory, model), sheet=where.sheet, table=where.table)


def _check_renamed(book: LiveWorkbook, memory: Memory, sheet: str) -> None:
    """Refuse where the table of an earlier run has another name by now: its columns would not be known again."""
    tables = book.tables(sheet)
    names = {table.name for table in tables}
    for kept in memory.standing():
        if kept.sheet == sheet and kept.table and kept.table not in names:
            now = next((table.name for table in tables if kept.was_at(table.area)), None)
            if now is not None:
                raise TableRefused("live.table_renamed", sheet=sheet, old=kept.table, new=now)
