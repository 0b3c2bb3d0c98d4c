"""What a portfolio check shows in tables, in the report and on the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieraddin.actions.own_sheet import Block
from tieraddin.actions.portfolio.words import grade_label, group_label
from tieraddin.grading import portfolio as mixes
from tieraddin.language import language, say
from tieraddin.tables.values import Cell

if TYPE_CHECKING:
    from tieraddin.actions.portfolio.check import PortfolioCheck

SHARE, WHOLE = "0.0%", "#,##0"


def blocks_of(check: PortfolioCheck) -> list[Block]:
    """The tables that hold something: the mix, the groups, the concentration, the risks, the people."""
    tables = [_mix(check), _groups(check), _concentration(check), _risks(check), _people(check)]
    return [table for table in tables if table.rows]


def _block(name: str, columns: list[tuple[str, str | None]], rows: list[list[Cell]]) -> Block:
    """A table of which columns that are blank all through are left out."""
    kept = [k for k in range(len(columns)) if any(row[k] not in (None, "") for row in rows)]
    heads = [columns[k][0] for k in kept]
    return Block(heads, [[row[k] for k in kept] for row in rows], [columns[k][1] for k in kept], name)


def _head(name: str, form: str | None = None) -> tuple[str, str | None]:
    return say(f"portfolio.head_{name}"), form


def _mix(check: PortfolioCheck) -> Block:
    columns = [
        _head("grade"), _head("customers", WHOLE), _head("share", SHARE), _head("norm", SHARE),
        _head("value", WHOLE), _head("value_share", SHARE), _head("value_norm", SHARE), _head("verdict"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for cell in check.whole.cells:
        value = cell.of_value
        rows.append([
            grade_label(check.plan.result.rules.model, cell.grade),
            cell.customers, cell.of_customers.share, cell.of_customers.norm,
            cell.value, value and value.share, value and value.norm, _verdict(cell),
        ])  # fmt: skip
    return _block(say("portfolio.block_mix"), columns, rows)


def _verdict(cell: mixes.Cell) -> str:
    words = []
    if cell.of_customers.verdict:
        words.append(say(f"portfolio.short_{cell.of_customers.verdict}_customers"))
    if cell.of_value and cell.of_value.verdict:
        words.append(say(f"portfolio.short_{cell.of_value.verdict}_value"))
    return say("portfolio.and").join(words)


def _groups(check: PortfolioCheck) -> Block:
    model = check.plan.result.rules.model
    columns = [
        _head("group"), _head("customers", WHOLE), *((grade, SHARE) for grade in model.grade_ids),
        _head("ratio", SHARE), _head("grade"), _head("verdict"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for group in check.groups:
        cells = group.mix.cells
        off = [say("portfolio.pair", grade=cell.grade, verdict=_verdict(cell)) for cell in cells if _verdict(cell)]
        rows.append([
            group_label(group), group.mix.customers, *(cell.of_customers.share for cell in cells),
            group.measure, group.grade and grade_label(model, group.grade),
            say("portfolio.list").join(off) if group.mix.judged else say("portfolio.not_judged"),
        ])  # fmt: skip
    return _block(say("portfolio.block_groups"), columns, rows)


def _concentration(check: PortfolioCheck) -> Block:
    rows: list[list[Cell]] = []
    if there := check.concentration:
        rows += [[say("portfolio.largest", count=count), held] for count, held in there.largest.items()]
        rows.append([say("portfolio.top_fifth", count=there.top_customers), there.top_value])
    return _block(say("portfolio.block_concentration"), [_head("customers"), _head("value_share", SHARE)], rows)


def _risks(check: PortfolioCheck) -> Block:
    columns = [_head("risk"), _head("customers", WHOLE), _head("share", SHARE), _head("value_share", SHARE)]
    rows: list[list[Cell]] = [
        [risk.warning.text[language()], risk.customers, risk.share, risk.value_share] for risk in check.risks
    ]
    return _block(say("portfolio.block_risks"), columns, rows)


def _people(check: PortfolioCheck) -> Block:
    columns = [_head("rep"), _head("customers", WHOLE), _head("limit", WHOLE), _head("over", WHOLE)]
    rows: list[list[Cell]] = [
        [load.rep or say("portfolio.blank"), load.customers, load.limit, load.over or None] for load in check.loads
    ]
    return _block(say("portfolio.block_people"), columns, rows)
