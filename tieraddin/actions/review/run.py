"""Review grades by the rules of movement: what moves today and why; carried out where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tieraddin.actions.columns import write_results
from tieraddin.actions.files import logged, own_columns, refuse_formulas, save
from tieraddin.actions.output import check_target
from tieraddin.actions.retier import plan_retier
from tieraddin.actions.review.plan import Reviewed
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.review import review_rows
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import KEEP, Workbook, Written

Done = dict[str, Any]
COLUMNS = ("grade", "reason", "since", "reviewed")
"""The results that a review writes."""


def plan_review(
    book: Workbook,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    days: int = 14,
    approver: str | None = None,
) -> Reviewed:
    """Work out a review of the customers of ``book``; nothing is written.

    Parameters
    ----------
    rules
        with `tieraddin.grading.review.FIELDS` beside the model's fields.
    days
        how far ahead it looks.
    approver
        who approves all moves that wait for approval.

    Raises
    ------
    TableRefused
        the table has no column of current grades.
    """
    plan = plan_retier(book, rules, sheet=sheet, table=table, given=given, columns=COLUMNS)
    if plan.before is None:
        raise TableRefused("review.no_current_grade", sheet=plan.located.sheet, table=str(plan.area))
    day = (rules.as_of - EPOCH).days
    review = review_rows(plan.result.grading, plan.result.readings, day, approved=approver is not None)
    return Reviewed(plan, review, days, approver)


def review_file(
    path: Path,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    days: int = 14,
    apply: bool = False,
    approver: str | None = None,
    overwrite: bool = False,
    output: Path | None = None,
    in_place: bool = False,
    log: bool = True,
) -> Done:
    """Review the customers of a workbook file; what was found, as JSON has it.

    Nothing is written without ``apply``. With it the moves that are due, and wait for no approval, go into the columns
    of an earlier run, with ``overwrite`` into the person's own columns of grade and date, else into new ones.
    """
    target = path if in_place else output or path.with_name(f"{path.stem}.reviewed{path.suffix}")
    check_target(path, None if in_place or not apply else target)
    with open_workbook(path) as book:
        reviewed = plan_review(book, rules, sheet=sheet, table=table, given=given, days=days, approver=approver)
        done = reviewed.summary()
        if not apply:
            return done | {"applied": 0, "columns": [], "output": None}
        columns = carry_out(reviewed, overwrite=overwrite, log=log)
        return done | {"applied": len(done["moves"]), "columns": columns} | save(book, target)


def carry_out(reviewed: Reviewed, *, overwrite: bool = False, log: bool = True) -> list[str]:
    """Write the moves of a review into its workbook, with its line in the log; nothing is saved yet.

    Returns
    -------
    list of str
        the headers of the columns written.
    """
    plan, targets = reviewed.plan, reviewed.targets(overwrite)
    own = own_columns(plan, targets)
    refuse_formulas(plan, own)
    plan.instead = reviewed.results()
    moves = reviewed.review.applicable.tolist()
    for key in ("grade", "since"):
        if targets[key][0] in own:
            plan.instead[key] = _only(moves, plan.instead[key])
    kept = write_results(plan, targets, "review")
    if log:
        plan.memory.write_log(kept.run, "review", **logged(plan, _log_facts(reviewed)))
    return [header for _, header in targets.values()]


def _only(moves: list[bool], value: Callable[[int], Written]) -> Callable[[int], Written]:
    """``value`` where a row moves; the person's own cell stays elsewhere."""
    return lambda i: value(i) if moves[i] else KEEP


def _log_facts(reviewed: Reviewed) -> Done:
    review, plan = reviewed.review, reviewed.plan
    after = np.where(review.applicable, review.to, review.current)
    ids = plan.result.grading.model.grade_ids
    options = {**plan.result.rules.options, "as_of": plan.as_of}
    if reviewed.approver:
        options["approved_by"] = reviewed.approver
    return {
        "Graded": int((after >= 0).sum()),
        "Counts": {grade: int((after == k).sum()) for k, grade in enumerate(ids)},
        "Options": options,
        "Moves": reviewed.moved_counts(),
    }
