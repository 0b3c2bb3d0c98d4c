"""What a person asks for in an open workbook besides tiers: lists, summaries and charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tieraddin.actions import chart_sheets
from tieraddin.actions.followups.plan import BESIDE as FOLLOWUP_FIELDS
from tieraddin.actions.followups.plan import plan_followups, rhythms_for
from tieraddin.actions.followups.sheets import write_sheets
from tieraddin.actions.followups.workload import workload
from tieraddin.actions.live.place import Given, alone, asked, marked, planned, rules_of
from tieraddin.actions.memory import Memory
from tieraddin.actions.portfolio.check import BESIDE as PORTFOLIO_FIELDS
from tieraddin.actions.portfolio.check import check_portfolio
from tieraddin.actions.review.run import plan_review
from tieraddin.actions.summarise import summarise as summarised
from tieraddin.actions.transactions import Transactions, find_transactions, write_customers
from tieraddin.errors import TableRefused
from tieraddin.grading.review import FIELDS as REVIEW_FIELDS
from tieraddin.language import say
from tieraddin.models.schema import Model
from tieraddin.workbooks.port import LiveWorkbook

Done = dict[str, Any]


def rhythms(book: LiveWorkbook) -> list[Model]:
    """The models whose follow-up rhythm `followups` can take, where the workbook's own model has none; else []."""
    with alone(book):
        rules = rules_of(book, Memory(book), None)
        return [] if rules.cadence else rhythms_for(rules.model)


def followups(
    book: LiveWorkbook, model: str | None = None, days: int = 14, cadence: str | None = None, given: Given = None
) -> Done:
    """Whom to contact over the next ``days``, on sheets of our own; ``cadence`` names a model whose rhythm is taken."""
    with alone(book):
        memory = Memory(book)
        place, rules = marked(book, memory), rules_of(book, memory, model, FOLLOWUP_FIELDS, cadence)
        found = plan_followups(book, rules, days=days, sheet=place.sheet, table=place.table, given=given)
        with book.changing():
            book.tell(say("live.listing"))
            return {
                "count": len(found.entries),
                "late": found.late,
                "sheets": write_sheets(book, found, workload(found, None, None)),
            }


def transactions(book: LiveWorkbook) -> Transactions:
    """The transactions that the person looks at, and which of their columns are to be asked for."""
    with alone(book):
        memory = Memory(book)
        place = marked(book, memory)
        return find_transactions(book, memory, place.sheet, place.table)


def summarise(book: LiveWorkbook, found: Transactions, chosen: Mapping[str, str], as_of: dt.date | None = None) -> Done:
    """Make one row a customer out of transactions, on a new sheet; counts, ``sheet`` and ``as_of`` (default: today).

    Parameters
    ----------
    chosen
        for each column that `transactions` was unsure of its number on the sheet.

    Raises
    ------
    TableRefused
        no transaction has a customer, a date and an amount that can be read.
    """
    with alone(book):
        day = as_of or dt.date.today()
        ids, days, amounts = found.columns(book, chosen)
        columns, counts = summarised(ids, days, amounts, day)
        if not counts["customers"]:
            raise TableRefused("live.no_transactions", sheet=found.sheet)
        with book.changing():
            book.tell(say("live.summarising", count=counts["transactions"]))
            return counts | {"sheet": write_customers(book, list(columns.values())), "as_of": day}


def review(book: LiveWorkbook, model: str | None = None, days: int = 14, given: Given = None) -> Done:
    """What moves up or down today, and why; nothing is written."""
    with alone(book, writes=False):
        place, rules = asked(book, model, REVIEW_FIELDS)
        return plan_review(book, rules, sheet=place.sheet, table=place.table, given=given, days=days).summary()


def pareto(book: LiveWorkbook, model: str | None = None, given: Given = None) -> str:
    """Who makes the value, as a chart on a sheet of our own; its name."""
    with alone(book):
        plan = planned(book, model, None, given)
        with book.changing():
            book.tell(say("live.drawing"))
            return chart_sheets.pareto(book, plan)


def dashboard(book: LiveWorkbook, model: str | None = None, given: Given = None) -> str:
    """How the customers stand, as tables and charts on a sheet of our own; its name."""
    with alone(book):
        place, rules = asked(book, model, PORTFOLIO_FIELDS)
        check = check_portfolio(book, rules, sheet=place.sheet, table=place.table, given=given)
        with book.changing():
            book.tell(say("live.drawing"))
            return chart_sheets.dashboard(book, check)
