"""The report of what would be if other rules held."""

from __future__ import annotations

from typing import Any

from tieraddin.actions.followups.words import channel_said
from tieraddin.language import listed
from tieraddin.report.console import SHOWN, data, more, table, told


def whatif(done: dict[str, Any], *, as_json: bool) -> None:
    """Who would move, with how much value, and what that means in contacts a week."""
    if as_json:
        data(done)
        return
    for side in ("now", "then"):
        options = listed(f"{name}={value}" for name, value in done[side]["options"].items())
        print(told(f"whatif.side_{side}", model=done[side]["model"], options=options).rstrip())
    share = done["moved"] / done["rows"]
    print(told("whatif.done", moved=done["moved"], rows=done["rows"], share=f"{share:.1%}"))
    _matrix(done["matrix"], done["then"]["counts"])
    value = done["value"]
    if done["moved"] and value and value["moved_share"] is not None:
        print(told("whatif.value", share=f"{value['moved_share']:.1%}", header=value["header"]))
    if done["customers"]:
        names = [*map(told, ("row", "customer", "from", "to")), *([told("whatif.column_value")] if value else [])]
        rows = [
            [
                one["row"],
                one["customer"],
                _grade(one["from"]),
                _grade(one["to"]),
                *([f"{one['value']:,.0f}"] if value else []),
            ]
            for one in done["customers"][:SHOWN]
        ]
        table(names, rows)
        more(len(done["customers"]))
    _contacts(done["contacts"])
    for note in done["notes"]:
        print(note)
    print(told("nothing_written"))


def _grade(grade: str | None) -> str:
    return told("whatif.none") if grade is None else grade


def _matrix(cells: list[dict[str, Any]], grades: dict[str, int]) -> None:
    """From which grade to which, as a table; columns of grades that nobody would have are left out."""
    counts = {(cell["from"], cell["to"]): cell["count"] for cell in cells}
    columns = [grade for grade in (*grades, None) if any(end == grade for _, end in counts)]
    rows = dict.fromkeys(start for start, _ in counts)
    table(
        [told("whatif.from_to"), *map(_grade, columns)],
        [[_grade(start), *(counts.get((start, end), "") for end in columns)] for start in rows],
    )


def _contacts(contacts: list[dict[str, Any]] | None) -> None:
    if contacts is None:
        print(told("whatif.no_contacts"))
        return
    now, then = (sum(one[side] for one in contacts) for side in ("now", "then"))
    print(told("whatif.contacts", now=f"{now:.2f}", then=f"{then:.2f}", change=f"{then - now:+.2f}"))
    names = (
        "followups.column_grade",
        "followups.column_channel",
        *(f"whatif.column_{k}" for k in ("now", "then", "change")),
    )
    rows = [
        [
            one["grade"],
            channel_said(one["channel"]),
            f"{one['now']:.2f}",
            f"{one['then']:.2f}",
            f"{one['then'] - one['now']:+.2f}",
        ]
        for one in contacts
    ]
    table([told(name) for name in names], rows)
