"""Look through the records of a workbook: what is late, wrong or double, whose it is, and what it costs (P15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tieraddin.actions.audit.tables import blocks_of
from tieraddin.actions.customers import customers_at, notes_on
from tieraddin.actions.files import save
from tieraddin.actions.locate import Located, locate, read_table
from tieraddin.actions.memory import Memory
from tieraddin.actions.output import check_target
from tieraddin.actions.own_sheet import renew
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused
from tieraddin.grading.audit import Fault, Records, faults_of, general_checks
from tieraddin.language import language, listed, say
from tieraddin.models.sections import AuditCheck
from tieraddin.tables.mapping import field_called
from tieraddin.tables.values import Cell
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

BESIDE = ("customer", "rep")
"""Shared fields that the audit looks for besides."""
SHEET = "audit.sheet"
_NO_COLUMN = ("tables.no_column", "actions.no_table_fits")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of one row as people read it; ``row`` is the sheet's, ``charge`` in CNY."""

    row: int
    customer: str
    rep: str
    check: str
    kind: str
    column: str
    value: Cell
    reason: str
    charge: float


@dataclass(eq=False)
class Audit:
    """Records looked through; nothing is written yet."""

    book: Workbook
    located: Located
    rules: Rules
    records: Records
    checks: list[AuditCheck]
    faults: list[Fault]

    @cached_property
    def findings(self) -> list[Finding]:
        """All faults, by row."""
        rows, records = self.located.found.rows.tolist(), self.records
        customers = customers_at(self.book, self.located, [fault.row for fault in self.faults])
        found = []
        for fault, customer in zip(self.faults, customers, strict=True):
            value = records.columns[fault.field][fault.row] if fault.field else None
            twin = None if fault.twin is None else rows[fault.twin]
            reason = str(fault.reason) if twin is None else say("audit.same_as_row", row=twin)
            found.append(Finding(
                rows[fault.row], customer, self.reps[fault.row], fault.check.id, fault.check.kind,
                records.headers.get(fault.field, ""), value, reason, fault.check.charge,
            ))  # fmt: skip
        return found

    @cached_property
    def reps(self) -> list[str]:
        """Who is responsible for each row, "" where no one is named."""
        if "rep" not in self.records.columns:
            return [""] * len(self.records)
        reading = self.records.readings["rep"]
        codes = np.where(reading.known, reading.values, -1).tolist()
        return [reading.names[code] if code >= 0 else "" for code in codes]

    @cached_property
    def people(self) -> list[dict[str, Any]]:
        """The faults and the charge of each person, the highest charge first."""
        kinds: dict[str, Counter[str]] = {}
        charges: dict[str, float] = {}
        for finding in self.findings:
            kinds.setdefault(finding.rep, Counter())[finding.kind] += 1
            charges[finding.rep] = charges.get(finding.rep, 0.0) + finding.charge
        found = [
            {"rep": rep, "late": of["late"], "wrong": of.total() - of["late"], "charge": charges[rep]}
            for rep, of in kinds.items()
        ]
        return sorted(found, key=lambda person: (-person["charge"], -person["late"] - person["wrong"], person["rep"]))

    @cached_property
    def by_check(self) -> list[dict[str, Any]]:
        """How often each check found something, those with findings only."""
        counts = Counter(fault.check.id for fault in self.faults)
        return [
            {
                "check": check.id, "kind": check.kind, "label": check.label[language()], "faults": counts[check.id],
                "each": check.charge, "charge": counts[check.id] * check.charge,
            }
            for check in self.checks
            if counts[check.id]
        ]  # fmt: skip

    @property
    def charge(self) -> float:
        """All charges together, in CNY."""
        return sum(fault.check.charge for fault in self.faults)

    @cached_property
    def sentences(self) -> list[str]:
        """What people should know."""
        model, columns = self.rules.model, self.records.columns
        sheet, table, rows = self.located.sheet, self.located.found.area, len(self.records)
        bad = len({fault.row for fault in self.faults})
        said = [say("audit.clean", sheet=sheet, table=table, rows=rows)]
        if self.faults:
            facts = {"faults": len(self.faults), "bad": bad, "charge": self.charge}
            said = [say("audit.found", None, sheet=sheet, table=table, rows=rows, **facts)]
        if model.audit is None:
            said.append(say("audit.no_rules", model=model.id))
        wanted = dict.fromkeys(field for check in (model.audit.checks if model.audit else []) for field in check.fields)
        if absent := [model.field(field).label[language()] for field in wanted if field not in columns]:
            said.append(say("audit.not_looked_at", fields=say("audit.or").join(absent)))
        if not model.audit and "customer" not in columns:
            said.append(say("audit.no_customer_column"))
        if self.faults and "rep" not in columns:
            said.append(say("audit.no_rep_column"))
        return said + notes_on(self.located)

    def as_data(self) -> dict[str, Any]:
        """The audit as JSON has it."""
        return {
            "model": self.rules.model.id,
            "sheet": self.located.sheet,
            "table": str(self.located.found.area),
            "as_of": self.records.as_of,
            "rows": len(self.records),
            "faults": [{name: getattr(finding, name) for name in Finding.__slots__} for finding in self.findings],
            "checks": self.by_check,
            "people": self.people,
            "charge": self.charge,
            "said": self.sentences,
        }


def audit(
    book: Workbook,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
) -> Audit:
    """Look through the records of ``book`` by the model's checks, and by general ones for what these leave out.

    A record sheet need not have all that grading needs: columns that the model requires may be missing.

    Parameters
    ----------
    rules
        made with ``beside=BESIDE``, so that customers and reps are looked for.
    sheet, table, given
        see `tieraddin.actions.locate.locate`.

    Raises
    ------
    UsageError, TableRefused, ModelError
        see `tieraddin.actions.locate.locate`; a table without rows, or without any column that the model knows.
    """
    memory = Memory(book)
    try:
        located = locate(book, rules, memory, sheet, table, given)
    except TableRefused as refusal:
        if refusal.key not in _NO_COLUMN:
            raise
        rules = _nothing_required(rules)
        located = locate(book, rules, memory, sheet, table, given)
        if not {field.name for field in rules.model.fields} & set(located.mapping):
            raise _nothing_to_look_at(rules, located) from None
    if not len(located.found.rows):
        raise TableRefused("actions.no_customers", table=str(located.found.area), sheet=located.sheet)
    customers = read_table(book, located)
    result = rules.apply(customers, located.mapping)
    mapping = located.mapping
    records = Records(
        {field.name: field for field in rules.fields if field.name in mapping},
        {name: customers.columns[mapped.column] for name, mapped in mapping.items()},
        {name: mapped.header for name, mapped in mapping.items()},
        result.readings,
        rules.as_of,
    )
    own = rules.model.audit.checks if rules.model.audit else []
    checks = [*own, *general_checks(own, records)]
    return Audit(book, located, rules, records, checks, faults_of(checks, records))


def audit_file(path: Path, rules: Rules, *, output: Path | None = None, **asked: Any) -> dict[str, Any]:
    """Audit a workbook file; with ``output`` a copy gets the findings as a sheet of our own.

    What is ``asked`` is handed to `audit`; a copy of an output that is replaced stays beside it.
    """
    check_target(path, output)
    with open_workbook(path) as book:
        found = audit(book, rules, **asked)
        tables = blocks_of(found)
        done = found.as_data() | {"tables": tables, "output": None}
        if output is None:
            return done
        title = say("audit.title", model=rules.model.name[language()], day=rules.as_of)
        written = renew(book, SHEET, tables, [title, *found.sentences])
        return done | {"written_sheet": written} | save(book, output)


def _nothing_required(rules: Rules) -> Rules:
    fields = [field.model_copy(update={"required": False}) for field in rules.model.fields]
    return replace(rules, model=rules.model.model_copy(update={"fields": fields}))


def _nothing_to_look_at(rules: Rules, located: Located) -> TableRefused:
    fields = listed((field_called(field) for field in rules.model.fields), 12)
    where = {"table": str(located.found.area), "sheet": located.sheet}
    return TableRefused("audit.nothing_to_look_at", model=rules.model.id, fields=fields, **where)
