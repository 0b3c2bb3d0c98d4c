"""Sheets of our own with charts: who makes the value (Pareto), and how the customers stand (dashboard)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from tieraddin.actions.own_sheet import Block, header_rows, renew
from tieraddin.actions.portfolio.check import PortfolioCheck
from tieraddin.actions.portfolio.words import grade_label
from tieraddin.actions.retier import Retier
from tieraddin.errors import TableRefused
from tieraddin.followup.load import contacts_per_week
from tieraddin.grading.evaluate import EPOCH
from tieraddin.language import language, say
from tieraddin.models.steps import CumulativeShare
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Floats
from tieraddin.workbooks.port import Chart, Series, Workbook

MOST_CUSTOMERS = 40
"""How many customers a Pareto chart shows, the largest ones."""
MOST_REPS = 30
SHARE, WHOLE, HUNDREDTHS = "0.0%", "#,##0", "#,##0.00"
BESIDE = 2
"""Columns between a table and its chart."""
APART = 24
"""Rows from one chart to the next."""
FEW, NARROW, WIDE = 12, 11, 18
"""So many categories fit into a chart of the first width; more get the second."""


def pareto(book: Workbook, plan: Retier) -> str:
    """Write the sheet of the Pareto chart: columns of value, a line of the share reached, a line for each cutoff.

    Returns
    -------
    str
        the sheet's name.

    Raises
    ------
    TableRefused
        the model's main measure is no number, or no customer has a value above 0.
    """
    model = plan.result.rules.model
    field = model.main_field
    reading = plan.result.readings[field.name]
    if reading.kind != "number":
        raise TableRefused("charts.no_measure", model=model.id, field=field.label[language()])
    values = {i: float(reading.values[i]) for i in reading.known.nonzero()[0].tolist() if reading.values[i] > 0}
    if not values:
        raise TableRefused("charts.no_values", sheet=plan.located.sheet, header=plan.located.mapping[field.name].header)
    largest = sorted(values, key=lambda i: -values[i])[:MOST_CUSTOMERS]
    total = sum(values.values())
    shares = [part / total for part in accumulate(values[i] for i in largest)]
    step = model.score_step
    cuts = [float(cut) for cut in step.cuts] if isinstance(step, CumulativeShare) else []
    names = plan.customers(largest)
    headers = [say("charts.customer"), plan.located.mapping[field.name].header, say("charts.reached")]
    headers += [say("charts.cut", share=f"{cut:.0%}") for cut in cuts]
    rows: list[list[Any]] = [
        [name, values[i], share, *cuts] for name, i, share in zip(names, largest, shares, strict=True)
    ]
    block = Block(headers, rows, [None, WHOLE, SHARE, *[SHARE] * len(cuts)])
    lines = [say("charts.pareto_title", model=model.name[language()], shown=len(largest), count=len(values))]
    kinds = [("columns", False), *[("line", True)] * (1 + len(cuts))]
    return _drawn(book, "charts.pareto_sheet", lines, [(block, kinds, False)], most=1.0)


def dashboard(book: Workbook, check: PortfolioCheck) -> str:
    """Write the dashboard: the mix of grades against the norm, who moved where, the customers of each person and
    the contacts a week that they ask for.

    Returns
    -------
    str
        the sheet's name.
    """
    plan = check.plan
    tables = [_mix(check), _moves(plan), _people(plan), _workload(plan)]
    lines = [say("charts.dashboard_title", model=plan.result.rules.model.name[language()]), *check.sentences]
    drawn = [(block, [("columns", False)] * (len(block.headers) - 1), stacked) for block, stacked in tables if block]
    return _drawn(book, "charts.dashboard_sheet", lines, drawn)


def _mix(check: PortfolioCheck) -> tuple[Block | None, bool]:
    """The share of each grade, beside what the model holds for sound where it says so."""
    model = check.plan.result.rules.model
    cells = check.whole.cells
    normed = any(cell.of_customers.norm is not None for cell in cells)
    headers = [say("charts.grade"), say("charts.share"), *([say("charts.norm")] if normed else [])]
    rows: list[list[Any]] = [
        [grade_label(model, cell.grade), cell.of_customers.share, *([cell.of_customers.norm] if normed else [])]
        for cell in cells
    ]
    return Block(headers, rows, [None, SHARE, *[SHARE] * normed], say("charts.mix")), False


def _moves(plan: Retier) -> tuple[Block | None, bool]:
    """How many came from which grade to which; nothing where the table holds no grades yet."""
    if plan.before is None:
        return None, True
    model = plan.result.rules.model
    pairs = Counter(zip(plan.before, plan.result.grading.grades, strict=True))
    came = [grade for grade in (*model.grade_ids, None) if any(old == grade for old, _ in pairs)]
    headers = [say("charts.from"), *(say("charts.to", grade=grade_label(model, grade)) for grade in model.grade_ids)]
    rows: list[list[Any]] = [
        [grade_label(model, old) if old else say("charts.none"), *(pairs[old, new] for new in model.grade_ids)]
        for old in came
    ]
    return Block(headers, rows, [None, *[WHOLE] * len(model.grade_ids)], say("charts.moves")), True


def _people(plan: Retier) -> tuple[Block | None, bool]:
    """The customers of each person by grade."""
    return _by_person(plan, np.ones(len(plan.result.grading.codes)), "charts.people", WHOLE), True


def _workload(plan: Retier) -> tuple[Block | None, bool]:
    """The contacts a week that each person's customers ask for, by grade; nothing without a rhythm."""
    rules, readings = plan.result.rules, plan.result.readings
    if (cadence := rules.cadence) is None:
        return None, True
    event = readings[cadence.event].days if cadence.event else None
    day, grades = (rules.as_of - EPOCH).days, plan.result.grading.grades
    contacts = contacts_per_week(cadence, grades, as_of=day, event=event).sum(axis=0)
    return _by_person(plan, contacts, "charts.workload", HUNDREDTHS), True


def _by_person(plan: Retier, amounts: Floats, title: str, number_format: str) -> Block | None:
    """``amounts`` of customers added up for each person and grade, the largest sum first; None without persons."""
    reading = plan.result.readings.get("rep")
    if reading is None or not reading.known.any():
        return None
    model, codes = plan.result.rules.model, plan.result.grading.codes
    size, held = len(model.grade_ids), reading.known & (codes >= 0)
    cells = reading.values[held].astype(np.intp) * size + codes[held]
    sums = np.bincount(cells, amounts[held], minlength=len(reading.names) * size).reshape(-1, size)
    busiest = np.argsort(-sums.sum(axis=1), kind="stable")[:MOST_REPS]
    headers = [say("charts.person"), *(grade_label(model, grade) for grade in model.grade_ids)]
    rows: list[list[Any]] = [
        [reading.names[k], *(round(amount, 6) for amount in sums[k].tolist())]
        for k in busiest.tolist()
        if sums[k].any()
    ]
    return Block(headers, rows, [None, *[number_format] * size], say(title)) if rows else None


def _drawn(
    book: Workbook,
    name: str,
    lines: Sequence[str],
    tables: Sequence[tuple[Block, Sequence[tuple[Any, bool]], bool]],
    most: float | None = None,
) -> str:
    """Write tables to a sheet of our own, each with its chart at the right; charts one below the other."""
    blocks = [block for block, _, _ in tables]
    sheet = renew(book, name, blocks, lines)
    right = max(len(block.headers) for block in blocks) + BESIDE
    charts = []
    for k, ((block, kinds, stacked), row) in enumerate(zip(tables, header_rows(blocks, len(lines) + 1), strict=True)):
        first, last = row + 1, row + len(block.rows)
        series = tuple(
            Series(Area(row, column, row, column), Area(first, column, last, column), kind, second)
            for column, (kind, second) in enumerate(kinds, 2)
        )
        left = SHARE if block.number_formats[1] == SHARE else WHOLE
        categories = Area(first, 1, last, 1)
        top = len(lines) + 3 + k * APART
        charts.append(
            Chart(
                block.title or say(name),
                categories,
                series,
                top,
                right,
                width=NARROW if len(block.rows) <= FEW else WIDE,
                stacked=stacked,
                formats=(left, "0%"),
                most=most,
            )
        )
    book.set_charts(sheet, charts)
    return sheet
