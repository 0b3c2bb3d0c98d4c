"""The follow-ups and the workload as sheets of our own."""

from __future__ import annotations

from tieraddin.actions.followups.plan import FollowUp, FollowUps
from tieraddin.actions.followups.words import channel_said, mix_said, rep_said
from tieraddin.actions.followups.workload import Load, Workload
from tieraddin.actions.own_sheet import Block, renew
from tieraddin.errors import TableRefused
from tieraddin.language import say
from tieraddin.models.load import find_model
from tieraddin.tables.layout import LAST_ROW
from tieraddin.tables.values import Cell
from tieraddin.workbooks.port import Workbook

SHEET, WORKLOAD_SHEET = "followups.sheet", "followups.workload_sheet"
DATES = ("planned", "due", "latest", "last_contact")
DATE_FORMAT = "yyyy-mm-dd"
COLUMNS = (
    "rep", "planned", "customer", "grade", "channel", "due", "latest", "days_late", "last_contact", "why", "by", "row",
)  # fmt: skip
HEAD_ROOM = 40
"""Rows of the sheet that are kept for what stands above the list."""


def write_sheets(book: Workbook, found: FollowUps, load: Workload) -> list[str]:
    """Write the list and the workload on their sheets, those of an earlier run renewed; nothing is saved yet.

    Returns
    -------
    list of str
        the sheets' names.

    Raises
    ------
    TableRefused
        more contacts than a sheet has rows.
    """
    if len(found.entries) > LAST_ROW - HEAD_ROOM:
        raise TableRefused("followups.too_many", count=len(found.entries))
    return [
        renew(book, SHEET, [_list(found)], [title_said(found), *counts_said(found), *found.notes(), *_left_out(found)]),
        renew(book, WORKLOAD_SHEET, [_loads(load), *_levels(load)], [_workload_title(found), *limits_said(load)]),
    ]


def title_said(found: FollowUps) -> str:
    """Of which days, by which model."""
    model = found.plan.result.grading.model
    followed = model if (of := found.plan.result.rules.cadence_of) == model.id else find_model(of).model
    name, rhythm = (each.name[found.plan.lang] for each in (model, followed))
    return say("followups.title", first=found.as_of, last=found.until, model=name, cadence=rhythm)


def counts_said(found: FollowUps) -> list[str]:
    """How many contacts, with how many customers, how many late."""
    customers = len({entry.row for entry in found.entries} - {None})
    contacts = sum(entry.row is not None for entry in found.entries)
    if not found.entries:
        return [say("followups.nothing_due")]
    return [say("followups.counts", count=contacts, customers=customers, late=found.late)]


def limits_said(load: Workload) -> list[str]:
    """What one person can do."""
    said = [] if load.capacity is None else [say("followups.capacity_said", capacity=f"{load.capacity:g}")]
    if load.span is None:
        return said
    return [*said, say("followups.span_assumed" if load.assumed else "followups.span_said", span=load.span)]


def _list(found: FollowUps) -> Block:
    labels = {grade: found.label(grade) for grade in found.plan.result.grading.model.grade_ids}
    channels = {channel: channel_said(channel) for channel in {entry.channel for entry in found.entries}}

    def row(entry: FollowUp) -> list[Cell]:
        cells = entry._asdict() | {
            "rep": rep_said(entry.rep) if found.has_reps else None,
            "grade": labels.get(entry.grade or ""),
            "channel": channels[entry.channel],
            "days_late": entry.days_late or None,
        }
        return [cells[name] for name in COLUMNS]

    formats = [DATE_FORMAT if name in DATES else None for name in COLUMNS]
    headers = [say(f"followups.column_{name}") for name in COLUMNS]
    return Block(headers, [row(entry) for entry in found.entries], formats)


def _left_out(found: FollowUps) -> list[str]:
    """The dates that can't be read, as many as there is room for."""
    if not found.unreadable:
        return []
    rows = [
        say("followups.left_out", **{name: one[name] for name in ("row", "customer", "reason")})
        for one in found.unreadable
    ]
    return [say("followups.unreadable", count=len(rows)), *rows[: HEAD_ROOM // 2]]


def _loads(load: Workload) -> Block:
    headers = [
        *(say(f"followups.column_{name}") for name in ("rep", "customers", "grade", "late")),
        *(say("followups.column_week", day=day) for day in load.weeks),
        *(say(f"followups.column_{name}") for name in ("per_week", "people", "one", "verdict")),
    ]

    def row(one: Load) -> list[Cell]:
        first = mix_said(one.people[0]) if len(one.people) > 1 else None
        return [
            rep_said(one.rep), one.customers, mix_said(one.grades), one.late, *one.weeks, one.per_week,
            len(one.people), first, "; ".join(one.verdict) or say("followups.within"),
        ]  # fmt: skip

    formats = [None] * (4 + len(load.weeks)) + ["0.0", None, None, None]
    return Block(headers, [row(one) for one in load.loads], formats)


def _levels(load: Workload) -> list[Block]:
    """Who would look after whom, where one person is not enough."""
    rows: list[list[Cell]] = [
        [rep_said(one.rep), sum(person.values()), mix_said(person), level]
        for one in load.loads
        if len(one.people) > 1
        for level, person in enumerate(one.people, 1)
    ]
    headers = [say(f"followups.column_{name}") for name in ("rep", "customers", "grade", "level")]
    return [Block(headers, rows, title=say("followups.levels_title"))] if rows else []


def _workload_title(found: FollowUps) -> str:
    return say("followups.workload_title", first=found.as_of, last=found.until)
