"""Reports of follow-ups and the workload."""

from __future__ import annotations

from typing import Any

from tieraddin.actions.followups.words import channel_said, mix_said, rep_said
from tieraddin.report.console import SHOWN, data, more, table, told, written

LISTED = ("rep", "planned", "customer", "grade", "channel", "latest", "days_late")


def followups(done: dict[str, Any], *, as_json: bool) -> None:
    """Whom to contact, and how much work that is."""
    if as_json:
        data({key: value for key, value in done.items() if key not in ("said", "limits")})
        return
    for sentence in done["said"]:
        print(sentence)
    if shown := done["followups"][:SHOWN]:
        columns = [name for name in LISTED if any(entry[name] for entry in shown)]
        headers = [told(f"followups.column_{name}") for name in columns]
        rows = [[_shown(name, entry[name]) for name in columns] for entry in shown]
        table(headers, rows, whole=[told(f"followups.column_{name}") for name in ("planned", "latest")])
        more(len(done["followups"]))
    _workload(done["workload"])
    for sentence in done["limits"]:
        print(sentence)
    if done["unreadable"]:
        print(told("followups.unreadable", count=len(done["unreadable"])))
        rows = [[entry["row"], entry["customer"], entry["reason"]] for entry in done["unreadable"][:SHOWN]]
        table([told("row"), told("customer"), told("reason")], rows)
        more(len(done["unreadable"]))
    for note in done["notes"]:
        print(note)
    written(done, "nothing_written")
    for file in done["calendars"]:
        print(told("followups.calendar_written", file=file))


def _shown(name: str, value: Any) -> Any:
    match name:
        case "rep":
            return rep_said(value)
        case "channel":
            return channel_said(value)
        case "customer" | "grade":
            return value
        case _:
            return value or ""


def _workload(load: dict[str, Any]) -> None:
    print(told("followups.workload"))
    headers = [
        *(told(f"followups.column_{name}") for name in ("rep", "customers", "grade", "late")),
        *(told("followups.column_week", day=day) for day in load["weeks"]),
        *(told(f"followups.column_{name}") for name in ("per_week", "people")),
    ]
    rows = [
        [
            rep_said(rep["rep"]), rep["customers"], mix_said(rep["grades"]), rep["late"], *rep["weeks"],
            f"{rep['per_week']:.1f}", len(rep["people"]),
        ]
        for rep in load["reps"][:SHOWN]
    ]  # fmt: skip
    table(headers, rows)
    more(len(load["reps"]))
    for rep in load["reps"][:SHOWN]:
        for verdict in rep["verdict"]:
            print(told("followups.verdict", rep=rep_said(rep["rep"]), verdict=verdict))
