"""The blocks P1-P9 of a model file: the steps by which a row comes to its grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, model_validator

from tieraddin.models.conditions import Condition, condition_inputs
from tieraddin.models.parts import Cut, Name, Part, fault


class StepBase(Part):
    """What each step has: its name, what it reads, and the ``facts`` that a grade's reason can fill in."""

    id: Name = "grade"
    facts: ClassVar[tuple[str, ...]] = ()

    def inputs(self) -> list[str]:
        """The fields and steps that this step reads."""
        raise NotImplementedError

    def grades_named(self) -> list[str]:
        """The grades (or words) that this step can give, best first where it has an order."""
        return []


class CumulativeShare(StepBase):
    """P1: sorted by value, graded by the share of the total reached; ``cuts`` ascending, a grade each and one more."""

    block: Literal["cumulative_share"]
    facts: ClassVar = ("share", "own", "count")
    input: str
    cuts: list[Cut] = Field(min_length=1)
    crossing: Literal["in", "out"] = "in"
    grades: list[str]

    @model_validator(mode="after")
    def _cuts_fit_grades(self) -> CumulativeShare:
        _ascending(self.cuts, "cuts")
        _one_more(self.cuts, self.grades, "cuts")
        return self

    def inputs(self) -> list[str]:
        return [self.input]

    def grades_named(self) -> list[str]:
        return self.grades


class RankShare(StepBase):
    """P2: graded by position; ``top_shares`` ascending. ``edges``, where given, are amounts (descending) instead."""

    block: Literal["rank_share"]
    facts: ClassVar = ("rank", "count", "position")
    input: str
    top_shares: list[Cut] = Field(min_length=1)
    edges: list[float] = []
    grades: list[str]

    @model_validator(mode="after")
    def _shares_fit_grades(self) -> RankShare:
        _ascending(self.top_shares, "top_shares")
        _one_more(self.top_shares, self.grades, "top_shares")
        if self.edges:
            _ascending(self.edges[::-1], "edges (from high to low)")
            _one_more(self.edges, self.grades, "edges")
        return self

    def inputs(self) -> list[str]:
        return [self.input]

    def grades_named(self) -> list[str]:
        return self.grades


class Band(Part):
    """One band of a number: open (above, below) or closed (at_least, at_most) at either end."""

    grade: str
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    @property
    def low(self) -> tuple[float, bool] | None:
        """The lower edge and whether it belongs to the band."""
        return _edge(self.at_least, self.above)

    @property
    def high(self) -> tuple[float, bool] | None:
        """The upper edge and whether it belongs to the band."""
        return _edge(self.at_most, self.below)


class Bands(StepBase):
    """P3: thresholds on one number. The bands go from low to high and meet: no gap, no overlap.

    ``words``: the band of a word that stands in place of the number.
    """

    block: Literal["bands"]
    facts: ClassVar = ("number",)
    input: str
    bands: list[Band] = Field(min_length=2)
    words: dict[str, str] = {}

    @model_validator(mode="after")
    def _bands_meet(self) -> Bands:
        for lower, upper in pairwise(self.bands):
            high, low = lower.high, upper.low
            if high is None and low is None:
                raise fault("bands_no_edge", lower=lower.grade, upper=upper.grade)
            if high and low and (high[0] != low[0] or high[1] == low[1]):
                gap = high[0] < low[0] or (high[0] == low[0] and not high[1])
                raise fault("bands_gap" if gap else "bands_overlap", lower=lower.grade, upper=upper.grade)
        if self.bands[0].low or self.bands[-1].high:
            raise fault("bands_ends")
        _ascending(self.edges, "the bands' edges")
        return self

    @property
    def edges(self) -> list[float]:
        """The edges between the bands, ascending."""
        return [edge for edge, _ in self._between()]

    @property
    def upper_closed(self) -> list[bool]:
        """For each edge, whether it belongs to the lower band."""
        return [closed for _, closed in self._between()]

    def _between(self) -> Iterator[tuple[float, bool]]:
        for lower, upper in pairwise(self.bands):
            if high := lower.high:
                yield high
            elif low := upper.low:
                yield low[0], not low[1]

    def inputs(self) -> list[str]:
        return [self.input]

    def grades_named(self) -> list[str]:
        return list(dict.fromkeys([*(band.grade for band in self.bands), *self.words.values()]))


class Rule(Part):
    """A rung of a ladder: the grade, and when a customer has it."""

    grade: str
    when: Condition


class Ladder(StepBase):
    """P4: the first rule that holds gives the grade; ``otherwise`` where none does (default: no grade)."""

    block: Literal["ladder"]
    facts: ClassVar = ("because",)
    rules: list[Rule] = Field(min_length=1)
    otherwise: str | None = None

    def inputs(self) -> list[str]:
        return list(dict.fromkeys(name for rule in self.rules for name in condition_inputs(rule.when)))

    def grades_named(self) -> list[str]:
        return list(dict.fromkeys([rule.grade for rule in self.rules] + ([self.otherwise] if self.otherwise else [])))


class LowestItem(StepBase):
    """P5: each item is graded on its own, the customer gets the worst.

    ``aids`` are told in the reason and do not lower the grade, unless ``aids_as`` is ``item``.
    """

    block: Literal["lowest_item"]
    facts: ClassVar = ("lowest", "aid")
    items: list[str] = Field(min_length=1)
    aids: list[str] = []
    aids_as: Literal["aid", "item"] = "aid"
    grades: list[str]

    def inputs(self) -> list[str]:
        return self.items + self.aids

    def grades_named(self) -> list[str]:
        return self.grades


class ScoreItem(Part):
    """One item of a scorecard: a number on the scale, or words with ``points``."""

    input: str
    weight: float = Field(1.0, gt=0)
    points: dict[str, float] = {}


class Scorecard(StepBase):
    """P6: the weighted mean of items on one scale; a step of bands makes grades of it."""

    block: Literal["scorecard"]
    items: list[ScoreItem] = Field(min_length=1)
    scale: tuple[float, float] = (0, 10)
    missing: Literal["none", "reweight"] = "none"

    def inputs(self) -> list[str]:
        return [item.input for item in self.items]


class GridCell(Part):
    """One cell of a grid."""

    x: str
    y: str
    grade: str


class Grid(StepBase):
    """P7: two graded axes make a cell; every pair of their values has one."""

    block: Literal["grid"]
    x: str
    y: str
    cells: list[GridCell] = Field(min_length=1)
    facts: ClassVar = ("x", "y")

    @model_validator(mode="after")
    def _each_cell_once(self) -> Grid:
        there = Counter((cell.x, cell.y) for cell in self.cells)
        wanted = product({cell.x for cell in self.cells}, {cell.y for cell in self.cells})
        if faulty := [pair for pair in wanted if there[pair] != 1]:
            raise fault("grid_cells", cells=", ".join(f"{x} x {y}" for x, y in sorted(faulty)))
        return self

    def inputs(self) -> list[str]:
        return [self.x, self.y]

    def grades_named(self) -> list[str]:
        return list(dict.fromkeys(cell.grade for cell in self.cells))


class QuantileInput(Part):
    """One measure of a quantile score; ``descending``: less is better, as with days since the last order."""

    input: str
    descending: bool = False


class QuantileScores(StepBase):
    """P8: each measure is cut into ``groups`` at its quantiles (or at ``edges``); the scores make a code such as 543.

    Later steps read one measure's score as ``STEP.FIELD``, scaled to 1-5 whatever the number of groups.
    """

    block: Literal["quantile_scores"]
    measures: list[QuantileInput] = Field(min_length=1)
    groups: int = Field(5, ge=2, le=9)
    edges: list[list[float]] = []

    @model_validator(mode="after")
    def _edges_fit(self) -> QuantileScores:
        if self.edges and [len(edges) for edges in self.edges] != [self.groups - 1] * len(self.measures):
            raise fault("quantile_edges", lists=len(self.measures), numbers=self.groups - 1)
        for edges in self.edges:
            _ascending(edges, "edges")
        return self

    def inputs(self) -> list[str]:
        return [measure.input for measure in self.measures]


class Lookup(StepBase):
    """P9: a word gives the grade; ``otherwise`` for the words that are not in the table."""

    block: Literal["lookup"]
    facts: ClassVar = ("word",)
    input: str
    table: dict[str, str] = Field(min_length=1)
    otherwise: str | None = None

    def inputs(self) -> list[str]:
        return [self.input]

    def grades_named(self) -> list[str]:
        return list(dict.fromkeys([*self.table.values(), *([self.otherwise] if self.otherwise else [])]))


Step: TypeAlias = Annotated[
    CumulativeShare | RankShare | Bands | Ladder | LowestItem | Scorecard | Grid | QuantileScores | Lookup,
    Discriminator("block"),
]

BLOCKS = {
    "cumulative_share": "P1", "rank_share": "P2", "bands": "P3", "ladder": "P4", "lowest_item": "P5",
    "scorecard": "P6", "grid": "P7", "quantile_scores": "P8", "lookup": "P9",
}  # fmt: skip


def dependencies(steps: list[Step]) -> dict[str, list[str]]:
    """For each step the other steps that it reads."""
    ids = {step.id for step in steps}
    return {step.id: [name for name in (n.partition(".")[0] for n in step.inputs()) if name in ids] for step in steps}


def _edge(closed: float | None, open_: float | None) -> tuple[float, bool] | None:
    if closed is not None and open_ is not None:
        raise fault("edge_twice")
    if closed is not None:
        return closed, True
    return None if open_ is None else (open_, False)


def _ascending(numbers: list[float], what: str) -> None:
    if any(a >= b for a, b in pairwise(numbers)):
        raise fault("not_ascending", what=what, numbers=", ".join(f"{number:g}" for number in numbers))


def _one_more(cuts: list[Any], grades: list[str], what: str) -> None:
    if len(grades) != len(cuts) + 1:
        raise fault("one_more", what=what, cuts=len(cuts), needed=len(cuts) + 1, grades=len(grades))
