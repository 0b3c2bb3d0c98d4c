"""The report of how a grade holds from one period to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieraddin.actions.own_sheet import Block
from tieraddin.language import language
from tieraddin.report.blocks import show
from tieraddin.report.console import data, told
from tieraddin.tables.values import Cell

if TYPE_CHECKING:
    from tieraddin.actions.stability import StabilityCheck

WHOLE, SHARE = "#,##0", "0.0%"


def stability(check: StabilityCheck, *, as_json: bool) -> None:
    """What two gradings come to."""
    if as_json:
        data(check.as_data())
        return
    for period in (check.before, check.after):
        print(told("stability.period", **period.as_data()))
    print("\n".join(check.sentences))
    show(blocks_of(check))


def blocks_of(check: StabilityCheck) -> list[Block]:
    """The tables: from which grade to which, and what each kept."""
    return [_matrix(check), _kept(check)]


def _matrix(check: StabilityCheck) -> Block:
    """States that nobody was in, but for the grades, are left out."""
    matrix, n = check.found.matrix, len(check.found.grades)
    labels = [check.rules.model.grade(grade).label[language()] for grade in check.found.grades]
    rows = [k for k in range(n + 2) if k < n or matrix[k].any()]
    columns = [k for k in range(n + 2) if k < n or matrix[:, k].any()]
    from_ = [*labels, told("stability.state_ungraded"), told("stability.state_new")]
    to = [*labels, told("stability.state_ungraded"), told("stability.state_gone")]
    cells: list[list[Cell]] = [
        [from_[i], *(int(matrix[i, j]) if (i, j) != (n + 1, n + 1) else None for j in columns)] for i in rows
    ]
    heads = [told("stability.head_grade"), *(to[j] for j in columns)]
    return Block(heads, cells, [None, *[WHOLE] * len(columns)], told("stability.matrix"))


def _kept(check: StabilityCheck) -> Block:
    columns = {
        "grade": None, "customers": WHOLE, "stayed": WHOLE, "gone": WHOLE, "before": WHOLE, "after": WHOLE,
        "kept": SHARE, "share": SHARE, "expected": SHARE,
    }  # fmt: skip
    rows: list[list[Cell]] = [
        [
            check.rules.model.grade(kept.grade).label[language()],
            kept.customers, kept.stayed, kept.gone, kept.before, kept.after,
            kept.after / kept.before if kept.before > 0 else None, kept.share, kept.expected,
        ]
        for kept in check.found.kept
    ]  # fmt: skip
    heads = [told(f"stability.head_{name}") for name in columns]
    return Block(heads, rows, list(columns.values()), told("stability.kept"))
