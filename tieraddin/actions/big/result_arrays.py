"""The results of many rows as Arrow arrays: which there are for parts of the customers, and how they are made fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tieraddin.actions.grade import result_columns
from tieraddin.actions.rules import Result, Rules
from tieraddin.errors import UsageError
from tieraddin.grading.cutoffs import compares_all
from tieraddin.grading.explain import DECIMALS
from tieraddin.kernels.arrays import rounded
from tieraddin.language import Language, listed
from tieraddin.models.schema import Model
from tieraddin.models.steps import CumulativeShare, QuantileScores, RankShare
from tieraddin.tables.mapping import Mapped
from tieraddin.tables.values import Codes, Floats

if TYPE_CHECKING:
    import pyarrow as pa

FIRST = ("grade", "class", "score")
"""The results that are written by default: words for so many rows are written when they are asked for."""


def types(model: Model) -> dict[str, pa.DataType]:
    """The type of every result column."""
    import pyarrow as pa

    texts = dict.fromkeys(("grade", "class", "reason", "next_step", "handling", "movement"), pa.string())
    score = pa.string() if isinstance(model.score_step, QuantileScores) else pa.float64()
    return {**texts, "score": score, "next_contact": pa.date32(), "overdue_days": pa.int64()}


def available(rules: Rules, mapping: Mapping[str, Mapped], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The results to write for parts of the customers: those ``wanted``, else those of `FIRST` that there are.

    A running share, a rank, and words that name them compare a row with all others; they are not had from a part.

    Raises
    ------
    UsageError
        a wanted result that is not known, or not had from a part.
    """
    model = rules.model
    needs_all = {"reason", "next_step"} if any(map(compares_all, model.steps)) else set()
    if isinstance(model.score_step, (CumulativeShare, RankShare)):
        needs_all.add("score")
    known = [*FIRST, "reason", "next_step"]
    if any(grade.playbook for grade in model.grades):
        known.append("handling")
    if rules.cadence and "last_contact" in mapping:
        known += ["next_contact", "overdue_days"]
    if model.movement and model.movement.moves:
        known.append("movement")
    had = [name for name in known if name not in needs_all]
    for name in wanted or ():
        if name in needs_all:
            raise UsageError("scale.needs_all", column=name, model=model.id, columns=listed(had))
        if name not in known:
            raise UsageError("actions.unknown_column", column=name, columns=listed(had))
    return tuple(name for name in had if name in (FIRST if wanted is None else wanted))


def result_arrays(result: Result, lang: Language, wanted: Sequence[str]) -> dict[str, pa.Array]:
    """The columns ``wanted`` of a result."""
    import pyarrow as pa

    grading, of = result.grading, types(result.grading.model)
    fast = {
        "grade": lambda: _by_code(grading.model.grade_ids, grading.codes),
        "class": lambda: _by_code([grade.group or None for grade in grading.model.grades], grading.codes),
        "score": lambda: _scores(grading.scores, grading.codes, of["score"]),
    }
    slow = [name for name in wanted if name not in fast]
    words: dict[str, list[Any]] = result_columns(result, lang, slow) if slow else {}
    return {name: fast[name]() if name in fast else pa.array(words[name], of[name]) for name in wanted}


def _by_code(names: Sequence[str | None], codes: Codes) -> pa.Array:
    import pyarrow as pa

    return pa.array([*names, None], pa.string()).take(pa.array(np.where(codes < 0, len(names), codes)))


def _scores(scores: Floats | None, codes: Codes, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if scores is None:
        return pa.nulls(len(codes), kind)
    none = np.isnan(scores) | (codes < 0)
    if kind == pa.string():
        return pa.array(np.where(none, 0, scores).astype(np.int64), mask=none).cast(kind)
    return pa.array(rounded(scores, DECIMALS), kind, mask=none)
