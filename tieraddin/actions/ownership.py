"""Who holds which customer (P12): warnings before a release, who is released and to whom they could go."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.actions.files import save
from tieraddin.actions.output import check_target
from tieraddin.actions.own_sheet import Block, renew
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused, UsageError
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.ownership import STATES, release_days, state_of
from tieraddin.grading.readings import Reading
from tieraddin.language import listed, say
from tieraddin.models.conditions import condition_inputs
from tieraddin.models.load import all_models
from tieraddin.models.sections import Ownership, OwnershipRule
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.mapping import field_called
from tieraddin.tables.values import Cell
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

Done = dict[str, Any]
MOST = 5
"""How many candidates are named for a customer."""


@dataclass(eq=False)
class Holdings:
    """Who holds what on the day of the run; nothing is written, nobody is reassigned."""

    plan: Retier
    ownership: Ownership
    rules: NDArray[np.int16]

    @cached_property
    def as_of(self) -> int:
        """The day of the run, counted from 1970."""
        return (self.plan.as_of - EPOCH).days

    @cached_property
    def states(self) -> list[str | None]:
        """The state of each row, None where the dates say none."""
        state = state_of(self.ownership, self.plan.result.readings, self.rules)
        return [STATES[code] if known else None for code, known in zip(state.values, state.known, strict=True)]

    @cached_property
    def reps(self) -> list[str]:
        """The rep of each row, "" for none."""
        return self._texts("rep")

    @cached_property
    def held(self) -> Counter[str]:
        """How many customers each rep holds: those not released."""
        counts = Counter(dict.fromkeys(filter(None, self.reps), 0))
        counts.update(rep for rep, state in zip(self.reps, self.states, strict=True) if rep and state != "released")
        return counts

    @cached_property
    def release(self) -> list[int]:
        """The day of each row's release, past or to come; `NO_DAY` for none."""
        return list(map(int, release_days(self.ownership, self.plan.result.readings, self.as_of)))

    def candidates(self, i: int) -> list[str]:
        """Who could take the released customer ``i``: below the cap, of the same region, fewest customers first."""
        region = self._regions[i]
        barred = {rep for rep, day in self._losers(i) if self.as_of < day + (self.ownership.reclaim_days or 0)}
        return [rep for rep in self._ranked(region) if rep not in barred]

    def _losers(self, i: int) -> list[tuple[str, int]]:
        """Who lost customer ``i``, and on which day."""
        now = self.release[i] if self.release[i] != NO_DAY else self.as_of
        lost = {self.reps[i]: now} if self.reps[i] else {}
        if former := self._formers[i]:
            day = self._reading("released_on")
            lost[former] = int(day.values[i]) if day is not None and day.known[i] else now
        return list(lost.items())

    @cached_property
    def _ranked(self) -> Callable[[str], list[str]]:
        """The reps of a region ("" for all) who have room, fewest customers first."""
        where: dict[str, set[str]] = defaultdict(set)
        for rep, region in zip(self.reps, self._regions, strict=True):
            where[region].add(rep)
        room = [rep for rep in self.held if self.ownership.cap is None or self.held[rep] < self.ownership.cap]
        ranked = sorted(room, key=lambda rep: (self.held[rep], rep))
        return cache(lambda region: [rep for rep in ranked if not region or rep in where[region]])

    @cached_property
    def _regions(self) -> list[str]:
        return self._texts("region")

    @cached_property
    def _formers(self) -> list[str]:
        return self._texts("released_by")

    def _reading(self, name: str) -> Reading | None:
        return self.plan.result.readings.get(name)

    def _texts(self, name: str) -> list[str]:
        """The words of a text field, "" where there is none."""
        reading = self._reading(name)
        if reading is None:
            return [""] * len(self.rules)
        names = [*map(str.strip, reading.names), ""]
        return [names[code if known else -1] for code, known in zip(reading.values, reading.known, strict=True)]

    # ------------------------------------------------------------ what is said

    def summary(self) -> Done:
        """What was found, as JSON has it."""
        done = self.plan.summary()
        unknown = [i for i, state in enumerate(self.states) if state is None]
        kept = ("model", "sheet", "table", "rows", "left_out", "left_out_said", "mapping")
        return {key: done[key] for key in kept} | {
            "as_of": self.plan.as_of,
            "cap": self.ownership.cap,
            "reclaim_days": self.ownership.reclaim_days,
            "counts": {state: self.states.count(state) for state in STATES},
            "warned": self._warned(),
            "released": self._released(),
            "reps": self._per_rep(),
            "unknown": [{"row": self.plan.rows[i], "reason": self.plan.explain.reason(i)} for i in unknown],
            "notes": [*done["notes"], *([] if self.held else [say("ownership.no_reps")])],
        }

    def _entries(self, state: str) -> list[tuple[int, Done]]:
        """The rows in one state, by the day of their release."""
        at = [i for i, found in enumerate(self.states) if found == state]
        at.sort(key=lambda i: (self.release[i], i))
        reasons = [rule.reason[self.plan.lang] for rule in self.ownership.rules]
        called = dict(zip(at, self.plan.customers(at), strict=True))
        return [
            (
                i,
                {
                    "row": self.plan.rows[i],
                    "customer": called[i],
                    "rep": self.reps[i] or None,
                    "reason": reasons[self.rules[i]],
                },
            )
            for i in at
        ]

    def _warned(self) -> list[Done]:
        entries = []
        for i, entry in self._entries("warned"):
            day = self.release[i]
            left = None if day == NO_DAY else day - self.as_of
            entries.append(entry | {"release_on": _date(day), "days_left": left})
        return entries

    def _released(self) -> list[Done]:
        entries = []
        for i, entry in self._entries("released"):
            day, found = self.release[i], self.candidates(i)
            since = {"released_on": _date(day), "days_ago": None if day == NO_DAY else self.as_of - day}
            entries.append(entry | since | {"candidates": found[:MOST], "more_candidates": max(len(found) - MOST, 0)})
        return entries

    def _per_rep(self) -> list[Done]:
        counts = {
            state: Counter(r for r, s in zip(self.reps, self.states, strict=True) if s == state) for state in STATES
        }
        cap = self.ownership.cap
        return [
            {
                "rep": rep,
                "holds": held,
                "warned": counts["warned"][rep],
                "released": counts["released"][rep],
                "room": None if cap is None else max(cap - held, 0),
                "over": None if cap is None else max(held - cap, 0),
            }
            for rep, held in sorted(self.held.items(), key=lambda entry: (-entry[1], entry[0]))
        ]


def find_holdings(book: Workbook, rules: Rules, **where: Any) -> Holdings:
    """Who holds the customers of ``book``; ``where``: sheet, table and given of `tieraddin.actions.locate.locate`.

    Raises
    ------
    UsageError
        the model does not say who holds a customer.
    TableRefused
        the table has none of the columns by which that is said.
    """
    if rules.model.ownership is None:
        known = listed(source.model.id for source in all_models() if source.model.ownership)
        raise UsageError("ownership.no_rules", model=rules.model.id, known=known)
    plan = plan_retier(book, rules, columns=[], **where)
    read = dict.fromkeys(chain.from_iterable(map(_read, rules.model.ownership.rules)))
    if not read.keys() & plan.located.mapping.keys():
        fields = listed(field_called(rules.model.field(name)) for name in read)
        raise TableRefused("ownership.no_columns", table=str(plan.area), sheet=plan.located.sheet, fields=fields)
    return Holdings(plan, rules.model.ownership, np.asarray(plan.result.grading.ownership_rules))


def _read(rule: OwnershipRule) -> list[str]:
    """The fields that a rule goes by."""
    return [*rule.since, *(condition_inputs(rule.when) if rule.when else [])]


def ownership_file(
    path: Path, rules: Rules, *, output: Path | None = None, in_place: bool = False, **where: Any
) -> Done:
    """Who holds the customers of a workbook file, as JSON has it; a sheet of it goes to ``output`` or the file."""
    check_target(path, None if in_place else output)
    with open_workbook(path) as book:
        done = find_holdings(book, rules, **where).summary()
        if output is None and not in_place:
            return done | {"output": None}
        written = renew(book, "ownership.sheet", blocks_of(done), said(done))
        return done | {"written_sheet": written} | save(book, path if in_place or output is None else output)


def said(done: Mapping[str, Any]) -> list[str]:
    """The sentences that head the report."""
    counts = {**done["counts"], "unknown": len(done["unknown"])}
    lines = [say("ownership.done", **{k: done[k] for k in ("model", "sheet", "table", "rows", "as_of")}, **counts)]
    if done["cap"] is not None:
        lines.append(say("ownership.cap_said", cap=done["cap"]))
    if done["reclaim_days"] is not None:
        lines.append(say("ownership.reclaim_said", days=done["reclaim_days"]))
    return lines


def blocks_of(done: Mapping[str, Any]) -> list[Block]:
    """The tables of the report, those without rows left out: warned, released, reps, rows whose dates say nothing."""
    warned = [[w["row"], w["customer"], w["rep"], w["release_on"], w["days_left"], w["reason"]] for w in done["warned"]]
    released = [
        [r["row"], r["customer"], r["rep"], r["released_on"], r["days_ago"], _named(r), r["reason"]]
        for r in done["released"]
    ]
    reps = [[r[key] for key in ("rep", "holds", "warned", "released", "room", "over")] for r in done["reps"]]
    blocks = [
        _block("warned", ["row", "customer", "rep", "release_on", "days_left", "reason"], warned),
        _block("released", ["row", "customer", "rep", "released_on", "days_ago", "candidates", "reason"], released),
        _block("reps", ["rep", "holds", "warned", "released", "room", "over"], reps),
        _block("unknown", ["row", "reason"], [[u["row"], u["reason"]] for u in done["unknown"]]),
    ]
    return [block for block in blocks if block.rows]


def _named(entry: Mapping[str, Any]) -> str:
    names = listed(entry["candidates"]) or say("ownership.nobody")
    return names + (f" (+{entry['more_candidates']})" if entry["more_candidates"] else "")


def _block(key: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Block:
    return Block([say(f"ownership.header_{header}") for header in headers], rows, title=say(f"ownership.heading_{key}"))


def _date(day: int) -> dt.date | None:
    return None if day == NO_DAY else EPOCH + dt.timedelta(days=day)
