"""What a step that compares all customers needs of them: the values that part its classes, and no more.

With those at hand the class of a row rests on the row alone, so a table can be graded part by part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

from tieraddin.grading.readings import Reading
from tieraddin.kernels.pareto import pareto_cutoffs
from tieraddin.kernels.quantiles import quantile_edges
from tieraddin.kernels.ranks import rank_cutoffs
from tieraddin.kernels.searches import Search, quantile_search, rank_search, share_search
from tieraddin.models.schema import Model
from tieraddin.models.steps import CumulativeShare, QuantileScores, RankShare, Step
from tieraddin.tables.values import Floats

Cutoffs: TypeAlias = Mapping[str, Sequence[Floats]]
"""By the id of a step that compares all customers: the cutoffs of each of its inputs."""


def compares_all(step: Step) -> bool:
    """Whether the class of a row rests on the other rows."""
    return isinstance(step, CumulativeShare) or (isinstance(step, (RankShare, QuantileScores)) and not step.edges)


def cutoffs_at_hand(step: Step, readings: Mapping[str, Reading]) -> list[Floats]:
    """The cutoffs of ``step`` for the readings of all customers; none where it compares none."""
    if not compares_all(step):
        return []
    match step:
        case CumulativeShare():
            find = partial(pareto_cutoffs, cuts=step.cuts, crossing=step.crossing)
        case RankShare():
            find = partial(rank_cutoffs, top_shares=step.top_shares)
        case QuantileScores():
            find = partial(quantile_edges, groups=step.groups)
    return [find(readings[name].numbers) for name in step.inputs()]


def cutoff_searches(step: Step) -> list[Search]:
    """The searches, one for each input, that find the same cutoffs over partitions."""
    match step:
        case CumulativeShare():
            return [share_search(step.cuts, step.crossing)]
        case RankShare():
            return [rank_search(step.top_shares)]
        case QuantileScores():
            return [quantile_search(step.groups) for _ in step.measures]
    return []


def narrowed(model: Model, names: Sequence[str]) -> Model:
    """``model`` with no more fields and steps than it takes to read ``names``."""
    wanted: set[str] = set()
    open_ = list(names)
    steps = {step.id: step for step in model.steps}
    while open_:
        name = open_.pop()
        base = name if name in steps else name.partition(".")[0]
        if base not in wanted:
            wanted.add(base)
            open_ += steps[base].inputs() if base in steps else []
    return model.model_copy(
        update={
            "fields": [field for field in model.fields if field.name in wanted],
            "steps": [step for step in model.steps if step.id in wanted],
        }
    )
