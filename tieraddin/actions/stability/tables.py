"""What became of each grade, in tables: from which grade to which, and what each kept."""

from __future__ import annotations

from tieraddin.actions.own_sheet import Block
from tieraddin.actions.stability.check import StabilityCheck
from tieraddin.language import language, say
from tieraddin.tables.values import Cell

WHOLE, SHARE = "#,##0", "0.0%"


def blocks_of(check: StabilityCheck) -> list[Block]:
    """The tables: from which grade to which, and what each kept."""
    return [_matrix(check), _kept(check)]


def _matrix(check: StabilityCheck) -> Block:
    """States that nobody was in, but for the grades, are left out."""
    matrix, n = check.found.matrix, len(check.found.grades)
    labels = [check.rules.model.grade(grade).label[language()] for grade in check.found.grades]
    rows = [k for k in range(n + 2) if k < n or matrix[k].any()]
    columns = [k for k in range(n + 2) if k < n or matrix[:, k].any()]
    from_ = [*labels, say("stability.state_ungraded"), say("stability.state_new")]
    to = [*labels, say("stability.state_ungraded"), say("stability.state_gone")]
    cells: list[list[Cell]] = [
        [from_[i], *(int(matrix[i, j]) if (i, j) != (n + 1, n + 1) else None for j in columns)] for i in rows
    ]
    heads = [say("stability.head_grade"), *(to[j] for j in columns)]
    return Block(heads, cells, [None, *[WHOLE] * len(columns)], say("stability.matrix"))


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
    heads = [say(f"stability.head_{name}") for name in columns]
    return Block(heads, rows, list(columns.values()), say("stability.kept"))
