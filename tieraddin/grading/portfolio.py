"""The mix of grades (P14): shares of customers and of value, set against the model's norms, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading import blocks
from tieraddin.grading.readings import all_known
from tieraddin.kernels.arrays import EPS, as_parts
from tieraddin.models.schema import Model
from tieraddin.models.sections import Finding, MixTest, Norm, Portfolio
from tieraddin.models.steps import Bands
from tieraddin.tables.values import Codes, Floats

Verdict = Literal["too_many", "too_few"]


class Of(NamedTuple):
    """A share of all customers or of all value, set against its norm.

    Attributes
    ----------
    verdict
        whether the share is too large or too small; None where it is neither, where there is no norm, and where there
        are too few customers to judge.
    """

    share: float
    norm: float | None = None
    verdict: Verdict | None = None

    @property
    def points(self) -> float:
        """How far the share is from its norm, in percentage points; 0 without a norm."""
        return 0.0 if self.norm is None else 100 * (self.share - self.norm)


@dataclass(frozen=True, slots=True)
class Cell:
    """One grade of a mix; ``of_value`` is None where there is no value."""

    grade: str
    customers: int
    of_customers: Of
    value: float | None = None
    of_value: Of | None = None


@dataclass(frozen=True, slots=True)
class Mix:
    """How the graded customers spread over the grades, best first.

    Attributes
    ----------
    customers, ungraded
        the number of rows with and without a grade.
    value
        the total of the graded customers, negative amounts left out; None where no value is known.
    judged
        false where there are too few customers to judge their mix.
    findings
        what the mix says, as the model has it.
    """

    customers: int
    ungraded: int
    value: float | None
    judged: bool
    cells: list[Cell]
    findings: list[Finding]

    def share(self, grades: Sequence[str], of: str = "customers") -> float | None:
        """The share that ``grades`` have together (without any: that of the fullest), None where none is known."""
        shares = {
            cell.grade: part.share
            for cell in self.cells
            if (part := cell.of_customers if of == "customers" else cell.of_value)
        }
        if not self.customers or not shares:
            return None
        return sum(shares[grade] for grade in grades) if grades else max(shares.values())


def mix_of(
    model: Model,
    codes: Codes,
    values: Floats | None = None,
    *,
    tolerance: float | None = None,
    smallest: int | None = None,
) -> Mix:
    """The mix of graded customers.

    Parameters
    ----------
    codes
        n grades as indices into the model's, -1 for none.
    values
        n amounts, NaN where none is known; a negative one counts as zero share.
    tolerance
        how far a share may be from its norm, as a share (default: the model's, else 0.1); a distance of just that much
        is within it.
    smallest
        fewer customers than this are not judged (default: the model's, else 10).
    """
    rules = model.portfolio or Portfolio.model_validate({})
    tolerance = rules.tolerance if tolerance is None else tolerance
    graded = codes >= 0
    count = int(graded.sum())
    judged = count >= (rules.smallest if smallest is None else smallest)
    norms = {norm.grade: norm for norm in rules.norms}
    counts = _sums(codes, len(model.grades), graded)
    amounts = None if values is None else _sums(codes, len(model.grades), graded, as_parts(values))
    total = None if amounts is None else float(sum(amounts))

    def of(part: float, whole: float, norm: float | None) -> Of:
        share = part / whole
        over = 0.0 if norm is None or not judged else share - norm
        far = abs(over) > tolerance + EPS
        return Of(share, norm, None if not far else "too_many" if over > 0 else "too_few")

    cells = []
    for k, grade in enumerate(model.grade_ids):
        norm = norms.get(grade, Norm(grade=grade))
        of_customers = of(counts[k], count, norm.customers) if count else Of(0.0, norm.customers)
        if amounts is None or not total:
            cells.append(Cell(grade, int(counts[k]), of_customers))
        else:
            cells.append(Cell(grade, int(counts[k]), of_customers, amounts[k], of(amounts[k], total, norm.value)))
    mix = Mix(count, len(codes) - count, total, judged, cells, [])
    if judged:
        mix.findings.extend(finding for finding in rules.findings if all(holds(test, mix) for test in finding.mix))
    return mix


def _sums(codes: Codes, n: int, graded: NDArray[np.bool_], weights: Floats | None = None) -> list[float]:
    """The number of rows with each grade, or the sum of their ``weights``."""
    chosen = None if weights is None else weights[graded]
    sums: list[float] = np.bincount(codes[graded], chosen, minlength=n).tolist()
    return sums


def holds(test: MixTest, mix: Mix) -> bool:
    """Whether a test of the mix holds; a bound reached to within 1e-9 counts as reached, no share holds no test."""
    share = mix.share(test.grades, test.of)
    if share is None:
        return False
    least = -EPS if test.at_least is None else test.at_least - EPS
    most = 1 + EPS if test.at_most is None else test.at_most + EPS
    return least <= share <= most


class Labels(NamedTuple):
    """What divides rows into groups: for each row the index of a name, -1 where it is blank."""

    by: str
    codes: Codes
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Customers judged on their own.

    Attributes
    ----------
    by, names
        what they have in common: by which columns, and under which names ("" for blank).
    measure, grade
        where the model grades a ratio by bands: the ratio of the whole group and its grade; else None.
    """

    by: tuple[str, ...]
    names: tuple[str, ...]
    mix: Mix
    measure: float | None = None
    grade: str | None = None


def groups(labels: Sequence[Labels]) -> Iterator[tuple[tuple[str, ...], NDArray[np.intp]]]:
    """The names and the rows of each group that is not empty, in the order of first appearance."""
    stacked = np.stack([part.codes for part in labels])
    _, first, group = np.unique(stacked, axis=1, return_index=True, return_inverse=True)
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(group))[:-1]) if len(order) else []
    for k in np.argsort(first).tolist():
        row = int(first[k])
        yield tuple(p.names[p.codes[row]] if p.codes[row] >= 0 else "" for p in labels), parts[k]


def ratio_of(model: Model, numbers: Floats, weights: Floats | None = None) -> tuple[float | None, str | None]:
    """The ratio of many rows together, weighted where ``weights`` are given, and the grade that its bands give it.

    None and None where the model's last step is not one of bands over a ratio, or where no ratio is known.
    """
    step = model.steps[-1] if model.steps else None
    spec = next((field for field in model.fields if isinstance(step, Bands) and field.name == step.input), None)
    if step is None or spec is None or spec.kind != "share":
        return None, None
    there = ~np.isnan(numbers)
    heavy = np.ones(len(numbers)) if weights is None else as_parts(weights)
    if not heavy[there].sum():
        return None, None
    ratio = float(np.average(numbers[there], weights=heavy[there]))
    reading = blocks.apply(step, {spec.name: all_known("number", np.array([ratio]))})[step.id]
    return ratio, reading.names[int(reading.values[0])] if reading.known[0] else None
