"""Classes by cumulative share, held to exact arithmetic with fractions."""

from __future__ import annotations

from fractions import Fraction

import numba  # noqa: F401 - once it is loaded, the compiled twin is called from SMALL values on
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tieraddin.kernels import pareto
from tieraddin.kernels.arrays import EPS, SMALL
from tieraddin.kernels.pareto import pareto_classes, pareto_cutoffs, pareto_shares

NAN = float("nan")
CUTS = (0.80, 0.95)

amounts = st.one_of(
    st.integers(-5, 40).map(float),  # many ties, zeros, negatives
    st.integers(0, 100).map(lambda tenths: tenths / 10),
    st.floats(0, 1e7).map(lambda amount: round(amount, -2)),
    st.floats(allow_infinity=False, allow_nan=False),
    st.floats(0, 1e-300),
    st.just(NAN),
)
columns = st.lists(amounts, max_size=60)
cuts_of = st.lists(st.sampled_from([0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99]), min_size=1, max_size=4, unique=True).map(
    sorted
)
crossings = st.sampled_from(["in", "out"])


def judge(values: list[float], cuts: list[float], crossing: str) -> list[int]:
    """The classes by the rule's own words, without rounding; too near to a tolerance's end is no case."""
    exact = [Fraction(max(v, 0.0)) for v in values if v == v]
    total = sum(exact)
    codes = []
    for v in values:
        if v != v or not total:
            codes.append(-1)
            continue
        above = sum(x for x in exact if x > v) / total
        upto = sum(x for x in exact if x >= v) / total
        if crossing == "in":
            ends = [above - (Fraction(cut) - Fraction(EPS)) for cut in cuts]
            inside = [end < 0 for end in ends]
        else:
            ends = [upto - (Fraction(cut) + Fraction(EPS)) for cut in cuts]
            inside = [end <= 0 or v == np.nanmax(values) for end in ends]
        assume(all(abs(end) > 1e-13 for end in ends))
        codes.append(inside.index(True) if True in inside else len(cuts))
    return codes


@pytest.mark.parametrize(
    "values, crossing, codes",
    [
        ([50, 30, 20], "in", [0, 0, 1]),  # 80 is reached by the second
        ([50, 30, 20], "out", [0, 0, 2]),
        ([90, 5, 5], "in", [0, 1, 1]),
        ([90, 5, 5], "out", [0, 2, 2]),  # the largest is A all the same
        ([0.1] * 8 + [0.05] * 4, "in", [0] * 8 + [1] * 4),  # 0.1 has no exact float
        ([0.1] * 8 + [0.05] * 3 + [0.01] * 5, "in", [0] * 8 + [1] * 3 + [2] * 5),
        ([0.1] * 8 + [0.05] * 3 + [0.01] * 5, "out", [0] * 8 + [1] * 3 + [2] * 5),
        ([7, 7, 7], "in", [0, 0, 0]),
        ([7, 7, 7], "out", [0, 0, 0]),
        ([40, 40, 20], "in", [0, 0, 1]),
        ([60, 25, 25, 0, -10, NAN], "in", [0, 0, 0, 2, 2, -1]),
        ([0, -1, NAN], "in", [-1, -1, -1]),
        ([NAN, NAN], "out", [-1, -1]),
        ([], "in", []),
        ([5e-324] * 4, "in", [0] * 4),
        ([1e308] * 30 + [1.0], "in", [0] * 30 + [2]),  # the total is beyond float64
        ([800_000_000 - 1, 1, 199_999_999 + 1], "in", [0, 2, 0]),
        ([79_999_999_999, 1, 2, 2e10 - 2], "in", [0, 2, 2, 1]),  # 1e-11 short of 80 %: reached
    ],
)
def test_worked_cases(values, crossing, codes):
    assert pareto_classes(values, CUTS, crossing).tolist() == codes
    assert pareto_classes(np.repeat(values, SMALL), CUTS, crossing).tolist() == np.repeat(codes, SMALL).tolist()


@given(columns, cuts_of, crossings)
def test_classes_are_those_of_exact_arithmetic(values, cuts, crossing):
    expected = judge(values, cuts, crossing)
    codes = pareto_classes(values, cuts, crossing)
    assert codes.dtype == np.int8
    assert codes.tolist() == expected


@settings(deadline=None)
@given(columns, cuts_of, crossings)
def test_twins_agree(values, cuts, crossing):
    column = np.array(values, np.float64)
    small = pareto._crossings_small(column, np.array(cuts), crossing)
    large = pareto._crossings_large(column, np.array(cuts), crossing)
    if small is None:
        assert large is None
    else:
        assert small.tolist() == large.tolist()


def _columns():
    rng = np.random.default_rng(20)
    n = 3 * SMALL
    lognormal = rng.lognormal(8, 2, n)
    mixed = np.where(rng.random(n) < 0.3, 0, lognormal) * rng.choice([1, 1, -1], n)
    mixed[::7] = np.nan
    nested = 1 + rng.random(n) * 2.0**-36  # one crowded bucket within another
    nested[:4] = 1e30, 5e-324, 1 + 2.0**-6, 1 + 2.0**-20
    return {
        "uniform": rng.uniform(0, 1e6, n),
        "lognormal": lognormal,
        "pareto": rng.pareto(1.16, n) + 1,
        "rounded to 100": np.round(lognormal, -2),
        "few distinct": rng.choice([1.0, 5, 10, 100, 1000], n),
        "all equal": np.full(n, 7.0),
        "one bucket": np.append(rng.uniform(100, 101, n), [1e6, 1e-300]),
        "nested buckets": nested[1:],
        "nested under one giant": nested,
        "mixed": mixed,
        "huge": rng.uniform(0, 1.7e308, n),
        "subnormal": rng.integers(0, 1000, n) * 5e-324,
        "subnormal and tied": np.full(n, 5e-324),
        "every magnitude": 10.0 ** rng.uniform(-300, 300, n),
        "descending": np.sort(lognormal)[::-1],
    }


@pytest.mark.parametrize("column", _columns().values(), ids=_columns().keys())
@pytest.mark.parametrize("crossing", ["in", "out"])
def test_twins_agree_on_many_values(column, crossing):
    cuts = np.array([0.01, 0.5, 0.8, 0.95, 0.999])
    small = pareto._crossings_small(column, cuts, crossing)
    assert small.tolist() == pareto._crossings_large(column, cuts, crossing).tolist()
    cutoffs = pareto_cutoffs(column, cuts, crossing)
    assert np.isin(cutoffs, column).all()
    assert (np.diff(cutoffs) <= 0).all()


@pytest.mark.parametrize("power", [0, -1074, 1000])
def test_many_values_are_classed_as_exact_sums_have_it(power):
    whole = np.random.default_rng(3).integers(0, 1000, 3 * SMALL)
    codes = pareto_classes(np.ldexp(whole.astype(float), power))
    total = int(whole.sum())
    for code, cut in ((0, Fraction(4, 5)), (1, Fraction(19, 20))):
        held = whole[codes <= code]
        assert int(held[held > held.min()].sum()) < cut * total <= int(held.sum())


@given(columns, crossings, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values, crossing, random):
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = pareto_classes([values[i] for i in order], CUTS, crossing)
    assert shuffled.tolist() == pareto_classes(values, CUTS, crossing)[order].tolist()


@given(st.lists(st.integers(-5, 40).map(float), max_size=60), crossings, st.integers(-900, 900))
def test_the_unit_does_not_matter(values, crossing, power):
    scaled = np.array(values, np.float64) * 2.0**power
    assert pareto_classes(scaled, CUTS, crossing).tolist() == pareto_classes(values, CUTS, crossing).tolist()


@given(columns, crossings)
def test_better_classes_hold_larger_values(values, crossing):
    codes = pareto_classes(values, CUTS, crossing)
    graded = sorted(((v, -c) for v, c in zip(values, codes.tolist(), strict=True) if c >= 0), reverse=True)
    assert [c for _, c in graded] == sorted((c for _, c in graded), reverse=True)


@given(columns)
def test_shares_are_those_of_exact_arithmetic(values):
    shares = pareto_shares(values)
    exact = [Fraction(max(v, 0.0)) for v in values if v == v]
    total = sum(exact)
    for v, share in zip(values, shares, strict=True):
        if v != v or not total:
            assert np.isnan(share)
        else:
            assert share == pytest.approx(float(sum(x for x in exact if x >= max(v, 0.0)) / total), abs=1e-12)


@pytest.mark.parametrize("values", [[1.0, np.inf], [-np.inf], [np.inf] * SMALL])
@pytest.mark.parametrize("function", [pareto_classes, pareto_cutoffs, pareto_shares])
def test_infinite_values_are_refused(function, values):
    with pytest.raises(ValueError, match="finite"):
        function(values)


@pytest.mark.parametrize(
    "cuts", [[], [0.0, 0.5], [0.5, 1.0], [0.95, 0.8], [0.8, 0.8], [NAN], np.linspace(0.001, 0.9, 128)]
)
def test_cuts_must_ascend_between_0_and_1(cuts):
    with pytest.raises(ValueError, match=r"shares must ascend|at most 127 cuts"):
        pareto_classes([1.0], cuts)


def test_other_arguments_are_checked():
    with pytest.raises(ValueError, match="crossing"):
        pareto_classes([1.0], CUTS, "over")
    with pytest.raises(ValueError, match="one dimension"):
        pareto_classes([[1.0]])
