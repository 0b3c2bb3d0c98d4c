"""The actions on workbook files: open, act, save beside or in place, with a backup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tieraddin.actions.columns import Targets, targets_of, write_results
from tieraddin.actions.memory import Memory
from tieraddin.actions.output import check_target, keeping_copy
from tieraddin.actions.restore import restore
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused
from tieraddin.tables.layout import Area
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Workbook

Done = dict[str, Any]


def retier_file(
    path: Path,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    output: Path | None = None,
    in_place: bool = False,
    preview: bool = False,
    overwrite: bool = False,
    log: bool = True,
) -> Done:
    """Re-tier a workbook file; what was done, as JSON has it.

    Without ``output`` or ``in_place`` the result is ``NAME.tiered.xlsx`` beside the workbook. A copy of whatever file
    is replaced is kept. A ``preview`` writes nothing and lists the rows that move.
    """
    target = path if in_place else output or path.with_name(f"{path.stem}.tiered{path.suffix}")
    check_target(path, None if in_place else target)
    with open_workbook(path) as book:
        plan = plan_retier(book, rules, sheet=sheet, table=table, given=given, columns=columns)
        targets = targets_of(plan, overwrite)
        done = summary(plan, targets)
        refuse_formulas(plan, own_columns(plan, targets))
        if preview:
            return done | {"moved": moved(plan), "output": None}
        carry_out(plan, targets, done, log=log)
        return done | save(book, target)


def summary(plan: Retier, targets: Targets) -> Done:
    """What a re-tier comes to, and into which columns it goes."""
    return plan.summary() | {"columns": [header for _, header in targets.values()]}


def own_columns(plan: Retier, targets: Targets) -> dict[int, str]:
    """The columns of the person's own that a run writes over."""
    return {column: header for key, (column, header) in targets.items() if column and key not in plan.located.ours}


def carry_out(plan: Retier, targets: Targets, done: Done, *, log: bool = True) -> None:
    """Write a re-tier into its workbook, with its line in the log; nothing is saved yet."""
    kept = write_results(plan, targets)
    if log:
        moves = "; ".join(f"{m['from'] or '-'} > {m['to'] or '-'}: {m['count']}" for m in done["moves"])
        options = plan.result.rules.options
        facts = {"Graded": done["graded"], "Counts": done["counts"], "Options": options, "Moves": moves}
        plan.memory.write_log(kept.run, "retier", **logged(plan, facts))


def restore_file(path: Path, run: int | None = None, output: Path | None = None, *, log: bool = True) -> Done:
    """Take runs of a workbook file back, in place or to ``output``; a copy of the file that is replaced is kept."""
    check_target(path, output)
    with open_workbook(path) as book:
        runs = restore(book, run, log=log)
        return {"runs": runs} | save(book, output or path)


def history_of(path: Path) -> list[Done]:
    """The log of a workbook file, a dict a run: run, time, user, action, model, model_hash, options, ..."""
    with open_workbook(path) as book:
        return [{name.lower().replace(" ", "_"): cell for name, cell in line.items()} for line in Memory(book).log()]


def save(book: Workbook, target: Path) -> Done:
    """Save to ``target``; a copy of the file that is replaced, the workbook itself or another, stays beside it."""
    with keeping_copy(target) as copy:
        book.save(target)
    return {"output": str(target)} | copy


def refuse_formulas(plan: Retier, columns: Mapping[int, str]) -> None:
    """Refuse to write over a column of the person's own that holds formulas: restore could only bring back values."""
    if not columns:
        return
    sheet = plan.located.sheet
    for cell in plan.book.formulas(sheet):
        if cell.column in columns and plan.rows[0] <= cell.row <= plan.rows[-1]:
            at = str(Area(cell.row, cell.column, cell.row, cell.column))
            raise TableRefused("actions.holds_formulas", header=columns[cell.column], sheet=sheet, cell=at)


def logged(plan: Retier, facts: Done) -> Done:
    """The line of a run in the log: what it worked on, and ``facts``, of which mappings are written out."""
    rules = plan.result.rules
    return {
        "Model": rules.model.id,
        "Model hash": rules.source.hash,
        "Sheet": plan.located.sheet,
        "Table": str(plan.area),
        "Rows": len(plan.rows),
        "Graded": facts["Graded"],
        "Options": ", ".join(f"{name}={value}" for name, value in facts["Options"].items()),
        "Counts": "; ".join(f"{grade}: {count}" for grade, count in facts["Counts"].items()),
        "Moves": facts["Moves"],
    }


def moved(plan: Retier) -> list[Done]:
    """The rows whose grade changes."""
    rows, grades = plan.rows, plan.result.grading.grades
    before = plan.before or []
    return [
        {"row": rows[i], "customer": customer, "from": before[i], "to": grades[i]}
        for i, customer in zip(plan.moved(), plan.customers(plan.moved()), strict=True)
    ]
