"""The follow-ups of a workbook file: listed, written on its sheets, as a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tieraddin.actions.files import Done, save
from tieraddin.actions.followups.calendar_file import check_calendar, write_calendar
from tieraddin.actions.followups.plan import FollowUps, plan_followups
from tieraddin.actions.followups.sheets import counts_said, limits_said, title_said, write_sheets
from tieraddin.actions.followups.workload import Workload, workload
from tieraddin.actions.output import check_target
from tieraddin.actions.rules import Rules
from tieraddin.workbooks import open_workbook


def followups_file(
    path: Path,
    rules: Rules,
    *,
    days: int = 14,
    days_off: bool = False,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    capacity: float | None = None,
    span: int | None = None,
    output: Path | None = None,
    in_place: bool = False,
    preview: bool = False,
    calendar: Path | None = None,
) -> Done:
    """Whom to contact: on sheets of a copy of the workbook, ``NAME.followups.xlsx``, and as a calendar if asked for.

    Parameters
    ----------
    capacity, span
        contacts a week that one person can make, and customers that one person can look after.
    calendar
        a file .ics, or a folder for a file a rep.

    Returns
    -------
    dict
        the list, as JSON has it.
    """
    target = path if in_place else output or path.with_name(f"{path.stem}.followups{path.suffix}")
    if not preview:
        check_target(path, None if in_place else target)
        if calendar is not None:
            check_calendar(calendar)
    with open_workbook(path) as book:
        found = plan_followups(book, rules, days=days, days_off=days_off, sheet=sheet, table=table, given=given)
        load = workload(found, capacity, span)
        done = _done(found, load)
        if preview:
            return done | {"sheets": [], "output": None, "calendars": []}
        done["sheets"] = write_sheets(book, found, load)
        done |= save(book, target)
        return done | {"calendars": [] if calendar is None else write_calendar(found, calendar)}


def _done(found: FollowUps, load: Workload) -> Done:
    located = found.plan.located
    return {
        "model": found.plan.result.grading.model.id,
        "cadence": found.plan.result.rules.cadence_of,
        "sheet": located.sheet,
        "table": str(found.plan.area),
        "as_of": found.as_of,
        "until": found.until,
        "customers": len(found.plan.rows),
        "late": found.late,
        "followups": [entry._asdict() for entry in found.entries],
        "workload": {
            "capacity": load.capacity,
            "span": load.span,
            "weeks": load.weeks,
            "reps": [one._asdict() for one in load.loads],
        },
        "unreadable": found.unreadable,
        "undated": found.undated,
        "mapping": {name: mapped.header for name, mapped in located.mapping.items()},
        "said": [title_said(found), *counts_said(found)],
        "limits": limits_said(load),
        "notes": found.notes(),
    }
