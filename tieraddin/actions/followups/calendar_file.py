"""The follow-ups as a calendar: an .ics file, or one for each rep."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tieraddin.actions.followups.plan import FollowUp, FollowUps
from tieraddin.actions.followups.words import channel_said, rep_said
from tieraddin.actions.output import check_folder, keeping_copy, write_whole
from tieraddin.errors import UsageError
from tieraddin.language import say

if TYPE_CHECKING:
    from icalendar import Event

ENDING = ".ics"
MAKER = "-//tieraddin//follow-ups//EN"
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\\/:*?"<>|]')


def check_calendar(path: Path) -> None:
    """Refuse a path that is neither a folder nor named as a calendar file is."""
    if path.is_dir():
        return
    if path.suffix.lower() != ENDING:
        raise UsageError("followups.ics_form", path=path)
    check_folder(path.parent)


def write_calendar(found: FollowUps, path: Path) -> list[str]:
    """Write the calendar to a file, or into a folder a file for each rep; the files written.

    A copy of a file that is replaced stays beside it, unless it is such a calendar itself.
    """
    entries = found.entries
    if not path.is_dir():
        _write(path, calendar_of(found, entries))
        return [str(path)]
    names = _file_names(found.reps)
    for rep, name in names.items():
        _write(path / name, calendar_of(found, (entry for entry in entries if entry.rep == rep)))
    return [str(path / name) for name in names.values()]


def calendar_of(found: FollowUps, entries: Iterable[FollowUp]) -> bytes:
    """A calendar of whole days (RFC 5545).

    The id of an event says which contact of which customer it is, not when: imported again, it moves rather than
    doubles.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say("followups.calendar_name"))
    now = dt.datetime.now(dt.UTC)
    ids = _Ids(found)
    for entry in entries:
        calendar.add_component(_event(entry, ids.of(entry), now))
    return bytes(calendar.to_ical())


class _Ids:
    """An id for each entry, from what the customer is called; those of one name are told apart by their order."""

    def __init__(self, found: FollowUps) -> None:
        seen: Counter[str] = Counter()
        self.called: dict[int | None, str] = {}
        for row, name in zip(found.plan.rows, found.customers, strict=True):
            seen[name] += 1
            self.called[row] = f"{name}\n{seen[name]}"
        model = found.plan.result.grading.model.id
        self.space = uuid.uuid5(uuid.NAMESPACE_URL, f"tieraddin\n{model}\n{found.plan.located.sheet}")

    def of(self, entry: FollowUp) -> str:
        who = self.called.get(entry.row, f"{entry.rep}\n{entry.due.year}")
        what = uuid.uuid5(self.space, f"{who}\n{entry.channel}\n{entry.nth}")
        return f"{what}@tieraddin"


def _event(entry: FollowUp, uid: str, now: dt.datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("last-modified", now)
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("dtstart", entry.planned)
    event.add("dtend", entry.planned + dt.timedelta(days=1))
    event.add("summary", _summary(entry))
    event.add("description", "\n".join(_details(entry)))
    if entry.rep:
        event.add("categories", [entry.rep])
    event.add("transp", "TRANSPARENT")
    return event


def _summary(entry: FollowUp) -> str:
    if entry.row is None:
        return entry.why
    return say(
        "followups.event_summary",
        channel=channel_said(entry.channel),
        customer=entry.customer or f"#{entry.row}",
        grade=entry.grade,
    )


def _details(entry: FollowUp) -> list[str]:
    said = [entry.why, say("followups.event_window", due=entry.due, latest=entry.latest)]
    if entry.days_late:
        said.append(say("followups.event_late", days=entry.days_late))
    return said if entry.by is None else [*said, say("followups.event_by", by=entry.by)]


def _file_names(reps: list[str]) -> dict[str, str]:
    """A file name for each rep, told apart where they differ only in letters that a file name doesn't tell apart."""
    names: dict[str, str] = {}
    for rep in reps:
        plain = _NOT_IN_NAMES.sub("_", rep_said(rep)).strip(". ") or "_"
        name, k = plain, 1
        while f"{name}{ENDING}".casefold() in {other.casefold() for other in names.values()}:
            k += 1
            name = f"{plain} ({k})"
        names[rep] = f"{name}{ENDING}"
    return names


def _write(path: Path, calendar: bytes) -> None:
    """Write a calendar; one that we wrote is renewed, of any other file a copy stays."""
    if path.is_file() and MAKER.encode() in path.read_bytes()[:512]:
        write_whole(path, calendar)
        return
    with keeping_copy(path):
        write_whole(path, calendar)
