"""What an audit found, in tables: by person, by kind, and every finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tieraddin.actions.own_sheet import Block
from tieraddin.language import say
from tieraddin.tables.values import Cell
from tieraddin.tables.view import label

if TYPE_CHECKING:
    from tieraddin.actions.audit.check import Audit

AMOUNT, WHOLE = "#,##0.00", "#,##0"
FORMATS = {"late": WHOLE, "wrong": WHOLE, "faults": WHOLE, "each": AMOUNT, "charge": AMOUNT}


def blocks_of(found: Audit) -> list[Block]:
    """The tables: by person, by kind, and every finding."""
    people: list[list[Cell]] = [
        [person["rep"] or say("audit.blank"), person["late"], person["wrong"], person["charge"]]
        for person in found.people
    ]
    checks: list[list[Cell]] = [[c["label"], c["faults"], c["each"], c["charge"]] for c in found.by_check]
    faults: list[list[Cell]] = [
        [f.customer, f.row, f.rep, f.column, label(f.value), f.reason, f.charge] for f in found.findings
    ]
    tables = [
        _block("people", ("rep", "late", "wrong", "charge"), people),
        _block("checks", ("check", "faults", "each", "charge"), checks),
        _block("faults", ("customer", "row", "rep", "column", "value", "reason", "charge"), faults),
    ]
    return [table for table in tables if table.rows]


def _block(name: str, columns: Sequence[str], rows: list[list[Cell]]) -> Block:
    heads = [say(f"audit.head_{column}") for column in columns]
    return Block(heads, rows, [FORMATS.get(column) for column in columns], say(f"audit.block_{name}"))
