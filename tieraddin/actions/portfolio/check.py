"""Whether the mix of a workbook's customers is healthy: against the norm, by group, by weight, by risk (P14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from tieraddin.actions.files import save
from tieraddin.actions.output import check_target
from tieraddin.actions.own_sheet import renew
from tieraddin.actions.portfolio.columns import amounts_of, labels_of
from tieraddin.actions.portfolio.tables import blocks_of
from tieraddin.actions.portfolio.words import sentences_of
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import UsageError
from tieraddin.grading.exposure import Concentration, Load, Risk, concentration_of, loads_of, risks_of
from tieraddin.grading.portfolio import Group, Labels, Mix, groups, mix_of, ratio_of
from tieraddin.language import language, say
from tieraddin.models.sections import Portfolio
from tieraddin.tables.mapping import field_called
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

BESIDE = ("rep",)
"""Shared fields that the check looks for besides."""
SHEET = "portfolio.sheet"


@dataclass(eq=False)
class PortfolioCheck:
    """A portfolio looked at; nothing is written yet.

    Attributes
    ----------
    value_header
        the column that the value is read from; None where there is no such column.
    groups
        by each column on its own, then by all of them together.
    loads
        the customers of each person, where the model or the caller says how many one can have.
    """

    plan: Retier
    tolerance: float
    smallest: int
    value_header: str | None
    whole: Mix
    groups: list[Group]
    concentration: Concentration | None
    risks: list[Risk]
    loads: list[Load]
    notes: list[str]

    @cached_property
    def sentences(self) -> list[str]:
        """What people should know, the most important first."""
        return [*sentences_of(self), *self.notes]

    def as_data(self) -> dict[str, Any]:
        """The check as JSON has it."""
        model = self.plan.result.rules.model
        return {
            "model": model.id,
            "sheet": self.plan.located.sheet,
            "table": str(self.plan.area),
            "tolerance": self.tolerance,
            "smallest": self.smallest,
            "value": self.value_header,
            **_mix_data(self.whole),
            "groups": [
                {
                    "by": dict(zip(group.by, group.names, strict=True)),
                    "ratio": group.measure,
                    "grade": group.grade,
                    **_mix_data(group.mix),
                }
                for group in self.groups
            ],
            "concentration": asdict(self.concentration) if self.concentration else None,
            "risks": [
                {
                    "id": risk.warning.id,
                    "text": risk.warning.text[language()],
                    "customers": risk.customers,
                    "share": risk.share,
                    "value_share": risk.value_share,
                    "unknown": risk.unknown,
                }
                for risk in self.risks
            ],
            "managers": [asdict(load) | {"over": load.over} for load in self.loads],
            "said": self.sentences,
        }


def _mix_data(mix: Mix) -> dict[str, Any]:
    return {
        "customers": mix.customers,
        "ungraded": mix.ungraded,
        "total_value": mix.value,
        "judged": mix.judged,
        "mix": [
            {
                "grade": cell.grade,
                "customers": cell.customers,
                "value": cell.value,
                "of_customers": cell.of_customers._asdict(),
                "of_value": cell.of_value._asdict() if cell.of_value else None,
            }
            for cell in mix.cells
        ],
        "findings": [finding.text[language()] for finding in mix.findings],
    }


def check_portfolio(
    book: Workbook,
    rules: Rules,
    *,
    by: Sequence[str] | None = None,
    value: str | None = None,
    tolerance: float | None = None,
    smallest: int | None = None,
    per_manager: int | None = None,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
) -> PortfolioCheck:
    """Look at the mix of the customers of ``book``; nothing is written.

    Parameters
    ----------
    rules
        made with ``beside=BESIDE``, so that reps are looked for.
    by
        fields or headers by which to group (default: those of the model that have a column).
    value
        the field or header of the amounts (default: the model's).
    tolerance, smallest
        see `tieraddin.grading.portfolio.mix_of`.
    per_manager
        how many customers one person can have (default: what the model says, if anything).
    sheet, table, given
        see `tieraddin.actions.locate.locate`.

    Raises
    ------
    UsageError
        a field or header that is not there; a value column without a number; a number out of range.
    TableRefused, ModelError
        see `tieraddin.actions.retier.plan_retier`.
    """
    section = rules.model.portfolio or Portfolio.model_validate({})
    tolerance = section.tolerance if tolerance is None else tolerance
    smallest = section.smallest if smallest is None else smallest
    if not 0 <= tolerance <= 1:
        raise UsageError("portfolio.tolerance_range", value=f"{tolerance:g}")
    plan = plan_retier(book, rules, sheet=sheet, table=table, given=given)
    codes, mapping, notes = plan.result.grading.codes, plan.located.mapping, plan.notes()
    money = rules.model.money_field
    own = section.value or (money.name if money else None)
    value_header, values = amounts_of(plan, value or (own if own in mapping else None))
    if by is None:
        missing = [rules.model.field(name) for name in section.by if name not in mapping]
        notes += [say("portfolio.no_group_column", field=field_called(field), name=field.name) for field in missing]
    labels = [labels_of(plan, name) for name in (by or [name for name in section.by if name in mapping])]
    ratios = plan.result.readings[rules.model.main_field.name]
    found = []
    for chosen in _levels(labels):
        for names, rows in groups(chosen):
            part = None if values is None else values[rows]
            mix = mix_of(rules.model, codes[rows], part, tolerance=tolerance, smallest=smallest)
            numbers = ratios.take(rows).numbers if ratios.kind == "number" else np.full(len(rows), np.nan)
            ratio, grade = ratio_of(rules.model, numbers, part)
            found.append(Group(tuple(part.by for part in chosen), names, mix, ratio, grade))
    limit = section.customers_per_manager if per_manager is None else per_manager
    return PortfolioCheck(
        plan,
        tolerance,
        smallest,
        value_header,
        mix_of(rules.model, codes, values, tolerance=tolerance, smallest=smallest),
        found,
        None if values is None else concentration_of(values),
        risks_of(rules.model, plan.result.readings, values),
        _loads(plan, section, limit, notes) if limit else [],
        notes,
    )


def portfolio_file(path: Path, rules: Rules, *, output: Path | None = None, **asked: Any) -> dict[str, Any]:
    """Look at the portfolio of a workbook file; with ``output`` a copy gets the result as a sheet of our own.

    What is ``asked`` is handed to `check_portfolio`; a copy of an output that is replaced stays beside it.
    """
    check_target(path, output)
    with open_workbook(path) as book:
        check = check_portfolio(book, rules, **asked)
        done = check.as_data() | {"tables": blocks_of(check), "output": None}
        if output is None:
            return done
        title = say("portfolio.title", model=rules.model.name[language()])
        written = renew(book, SHEET, blocks_of(check), [title, *check.sentences])
        return done | {"written_sheet": written} | save(book, output)


def _levels(labels: Sequence[Labels]) -> list[tuple[Labels, ...]]:
    """Each column on its own, then all together."""
    alone = list(combinations(labels, 1))
    return alone if len(labels) < 2 else [*alone, tuple(labels)]


def _loads(plan: Retier, section: Portfolio, limit: int, notes: list[str]) -> list[Load]:
    """The customers of each person; a note where the table does not say who looks after whom."""
    if "rep" not in plan.located.mapping:
        notes.append(say("portfolio.no_rep_column", limit=limit))
        return []
    counted = plan.result.readings[section.counted_by].numbers if section.counted_by else None
    return loads_of(labels_of(plan, "rep"), limit, counted)
