"""The report of a review."""

from __future__ import annotations

from typing import Any

from tieraddin.language import listed
from tieraddin.report.console import SHOWN, data, more, table, told, written


def review(done: dict[str, Any], *, as_json: bool) -> None:
    """What moves, waits, comes due and is late."""
    if as_json:
        data(done)
        return
    counts = {key: len(done[key]) for key in ("moves", "waiting", "coming")}
    facts = {key: done[key] for key in ("model", "sheet", "table", "rows", "as_of", "days", "late")}
    print(told("review.done", **facts, **counts))
    if done["calendar"]:
        print(done["calendar"])
    for key in ("moves", "waiting", "coming"):
        _changes(key, done[key])
    _reviews(done["reviews"])
    if done["not_reviewed"]:
        print(told("review.heading_not_reviewed", count=len(done["not_reviewed"])))
        table([told("row"), told("reason")], [(u["row"], u["reason"]) for u in done["not_reviewed"][:SHOWN]])
        more(len(done["not_reviewed"]))
    for line in (*done["left_out_said"], *done["notes"]):
        print(line)
    if done["output"] is None:
        print(told("review.not_applied"))
        return
    print(told("review.applied", count=done["applied"], columns=listed(done["columns"])))
    written(done)


def _changes(key: str, changes: list[dict[str, Any]]) -> None:
    """A list of changes of grade."""
    if not changes:
        return
    print(told(f"review.heading_{key}"))
    headers = ["row", "customer", "from", "to", "review.header_deadline", "review.header_late", "reason"]
    if key == "coming":
        headers[4:6] = ["review.header_due"]
    rows = []
    for change in changes[:SHOWN]:
        when = [change["due"]] if key == "coming" else [change["deadline"], change["days_late"] or None]
        direction = told(f"review.direction_{change['direction']}")
        rows.append(
            [
                change["row"],
                change["customer"],
                change["from"],
                told("review.to", grade=change["to"], direction=direction),
                *when,
                change["reason"],
            ]
        )
    table([told(header) for header in headers], rows)
    more(len(changes))


def _reviews(reviews: list[dict[str, Any]]) -> None:
    if not reviews:
        return
    print(told("review.heading_reviews"))
    headers = [
        "review.header_kind",
        "review.header_grade",
        "count_header",
        "review.header_due",
        "review.header_deadline",
    ]
    rows = [
        (told(f"review.kind_{r['kind']}"), r["grade"], r["count"], r["due"], r["deadline"], r["days_late"] or None)
        for r in reviews[:SHOWN]
    ]
    table([told(header) for header in (*headers, "review.header_late")], rows)
    more(len(reviews))
