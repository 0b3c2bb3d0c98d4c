"""Amounts that are due by stage (P13): per row, by rep and by stage, a leaver's share included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tieraddin.actions.files import save
from tieraddin.actions.output import check_target
from tieraddin.actions.own_sheet import Block, renew
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused, UsageError
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.phases import Due, due_of, exact, stage_names
from tieraddin.grading.readings import Reading
from tieraddin.language import listed, say
from tieraddin.models.load import all_models
from tieraddin.models.sections import Phase
from tieraddin.tables.mapping import field_called
from tieraddin.tables.words import folded
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

Done = dict[str, Any]
MONEY = "#,##0.00"
FORMATS = {"row": "0", "deals": "0", "amount": MONEY, "share": "0%", "due": MONEY}
NEEDED = ("stage", "amount")


@dataclass(frozen=True, slots=True)
class Deal:
    """One row: what is due of its amount, or why that can't be said; ``row`` is its position."""

    row: int
    rep: str
    stage: str
    amount: Decimal
    due: Due | None = None
    why_not: str = ""


@dataclass(eq=False)
class Amounts:
    """What is due of the amounts of a table; nothing is written."""

    plan: Retier
    phases: Sequence[Phase]

    @cached_property
    def stages(self) -> dict[str, str]:
        """The stages in their order, by id, as people call them."""
        return {phase.stage: phase.label[self.plan.lang] for phase in self.phases if not phase.leaver}

    @cached_property
    def deals(self) -> list[Deal]:
        """Every row."""
        return [self._deal(i) for i in range(len(self.plan.rows))]

    def _deal(self, i: int) -> Deal:
        rep, stage = (self._text(name, i) for name in ("rep", "stage"))
        number = self._value("amount", i)
        phase = self._names.get(folded(stage))
        if not stage or number is None:
            blank = "stage" if not stage else "amount"
            said = say("amounts.blank", field=self.plan.result.grading.model.field(blank).label[self.plan.lang])
            return Deal(i, rep, stage, Decimal(0), why_not=said)
        amount = exact(number)
        if phase is None:
            known = listed(self.stages.values())
            return Deal(i, rep, stage, amount, why_not=say("amounts.unknown_stage", stage=stage, known=known))
        unsigned = phase.leaver or self._left_unsigned(i, phase.stage)
        if unsigned is None:
            return Deal(i, rep, stage, amount, why_not=say("amounts.signed_when"))
        return Deal(i, rep, phase.stage, amount, due_of(self.phases, phase.stage, number, unsigned_leaver=unsigned))

    def _left_unsigned(self, i: int, stage: str) -> bool | None:
        """Whether the rep left before the deal was signed; None where that can't be said."""
        left, signed = self._value("left_on", i), self._value("signed_on", i)
        today = (self.plan.as_of - EPOCH).days
        if left is None or left > today or not any(phase.leaver for phase in self.phases):
            return False
        if signed is not None:
            return signed > left
        return True if stage == next(iter(self.stages)) else None

    def _value(self, name: str, i: int) -> float | None:
        reading = self._readings.get(name)
        return reading.values[i].item() if reading is not None and reading.known[i] else None

    def _text(self, name: str, i: int) -> str:
        code = self._value(name, i)
        return "" if code is None else self._readings[name].names[int(code)].strip()

    @cached_property
    def _readings(self) -> Mapping[str, Reading]:
        return self.plan.result.readings

    @cached_property
    def _names(self) -> dict[str, Phase]:
        return stage_names(self.phases)

    # ------------------------------------------------------------ what is said

    def summary(self) -> Done:
        """What is due, as JSON has it; money in cents, parts and totals adding up to the cent."""
        done = self.plan.summary()
        known = [deal for deal in self.deals if deal.due is not None]
        by_rep: dict[str, list[Deal]] = defaultdict(list)
        for deal in known:
            by_rep[deal.rep].append(deal)
        customers = self.plan.customers([deal.row for deal in self.deals])
        kept = ("model", "sheet", "table", "rows", "left_out", "left_out_said", "mapping", "notes")
        return {key: done[key] for key in kept} | {
            "as_of": self.plan.as_of,
            "stages": self.stages,
            "deals": [self._entry(deal, customers[deal.row]) for deal in known],
            "reps": [{"rep": rep or None, **self._total(by_rep[rep])} for rep in sorted(by_rep)],
            "reached": [
                {"stage": stage, **self._total([deal for deal in known if deal.stage == stage])}
                for stage in self.stages
            ],
            "total": self._total(known),
            "open": [
                {"row": self.plan.rows[deal.row], "customer": customers[deal.row], "reason": deal.why_not}
                for deal in self.deals
                if deal.due is None
            ],
        }

    def _entry(self, deal: Deal, customer: str) -> Done:
        due = deal.due or Due(Decimal(0), {})
        return {
            "row": self.plan.rows[deal.row],
            "customer": customer,
            "rep": deal.rep or None,
            "stage": deal.stage,
            "leaver": due.leaver,
            "amount": float(deal.amount),
            "share": float(due.share),
            "due": float(due.amount),
            "parts": {stage: float(part) for stage, part in due.parts.items()},
        }

    def _total(self, deals: Sequence[Deal]) -> Done:
        dues = [deal.due for deal in deals if deal.due is not None]
        parts = {stage: sum((due.parts.get(stage, Decimal(0)) for due in dues), Decimal(0)) for stage in self.stages}
        return {
            "deals": len(deals),
            "amount": float(sum((deal.amount for deal in deals), Decimal(0))),
            "due": float(sum((due.amount for due in dues), Decimal(0))),
            "parts": {stage: float(part) for stage, part in parts.items()},
        }


def work_out_amounts(book: Workbook, rules: Rules, **where: Any) -> Amounts:
    """What is due of the amounts of ``book``; ``where``: sheet, table and given of `tieraddin.actions.locate.locate`.

    Raises
    ------
    UsageError
        the model has no phases.
    TableRefused
        the table has no column of stages or of amounts.
    """
    if not rules.model.phases:
        known = listed(source.model.id for source in all_models() if source.model.phases)
        raise UsageError("amounts.no_phases", model=rules.model.id, known=known)
    plan = plan_retier(book, rules, columns=[], **where)
    for name in NEEDED:
        if name not in plan.located.mapping:
            facts = {"field": field_called(rules.model.field(name)), "name": name, "sheet": plan.located.sheet}
            raise TableRefused("amounts.no_column", **facts, table=str(plan.area))
    return Amounts(plan, rules.model.phases)


def amounts_file(path: Path, rules: Rules, *, output: Path | None = None, in_place: bool = False, **where: Any) -> Done:
    """What is due of the amounts of a workbook file, as JSON has it; a sheet of it goes to ``output`` or the file."""
    check_target(path, None if in_place else output)
    with open_workbook(path) as book:
        done = work_out_amounts(book, rules, **where).summary()
        if output is None and not in_place:
            return done | {"output": None}
        written = renew(book, "amounts.sheet", blocks_of(done), said(done))
        return done | {"written_sheet": written} | save(book, path if in_place or output is None else output)


def said(done: Mapping[str, Any]) -> list[str]:
    """The sentence that heads the report."""
    facts = {key: done[key] for key in ("model", "sheet", "table", "as_of")}
    return [say("amounts.done", **facts, **{k: done["total"][k] for k in ("deals", "amount", "due")})]


def blocks_of(done: Mapping[str, Any], *, whole: bool = True) -> list[Block]:
    """The tables of the report: by rep, by stage, the deals, what is left open; ``whole``: with each stage's part."""
    stages, total = done["stages"], done["total"]

    def block(title: str, names: Sequence[str], entries: Sequence[Mapping[str, Any]]) -> Block:
        parts = stages if whole and "due" in names else {}
        rows = [[*(e[name] for name in names), *(e["parts"].get(stage) for stage in parts)] for e in entries]
        headers = [say(f"amounts.header_{name}") for name in names]
        headers += [say("amounts.header_part", stage=label) for label in parts.values()]
        formats = [*(FORMATS.get(name) for name in names), *[MONEY] * len(parts)]
        return Block(headers, rows, formats, say(f"amounts.heading_{title}"))

    last = {"rep": say("amounts.total"), "stage": say("amounts.total"), **total}
    named = [entry | {"stage": stages[entry["stage"]]} for entry in done["deals"]]
    deals = [entry | {"leaver": say("amounts.leaver") if entry["leaver"] else None} for entry in named]
    reached = [entry | {"stage": stages[entry["stage"]]} for entry in done["reached"]]
    blocks = [
        block("reps", ["rep", "deals", "amount", "due"], [*done["reps"], last]),
        block("reached", ["stage", "deals", "amount", "due"], [*reached, last]),
        block("deals", ["row", "customer", "rep", "stage", "leaver", "amount", "share", "due"], deals),
        block("open", ["row", "customer", "reason"], done["open"]),
    ]
    return [each for each in blocks if each.rows]
