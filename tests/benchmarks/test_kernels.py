"""How long the kernels take, each beside a peer in the same run, on every kind of data.

    pytest tests/benchmarks/test_kernels.py -n 0 --benchmark-enable --benchmark-columns=min,median,rounds

Without ``--benchmark-enable`` each runs once, and only its answer is looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from tieraddin.kernels.breaks import natural_breaks
from tieraddin.kernels.pareto import pareto_classes, pareto_shares
from tieraddin.kernels.quantiles import quantile_scores
from tieraddin.kernels.ranks import rank_classes, ranks
from tieraddin.kernels.workdays import MONDAY_TO_FRIDAY, workday_shift

Column = NDArray[np.float64]
MILLION = 1_000_000

MAKERS: dict[str, Callable[[np.random.Generator], Column]] = {
    "uniform": lambda rng: rng.uniform(0, 1e6, MILLION),
    "lognormal": lambda rng: rng.lognormal(8, 2, MILLION),
    "pareto": lambda rng: rng.pareto(1.16, MILLION) + 1,
    "rounded-to-100": lambda rng: np.round(rng.lognormal(8, 2, MILLION), -2),
    "few-distinct": lambda rng: rng.choice([1.0, 5, 10, 100, 1000], MILLION),
    "all-equal": lambda rng: np.full(MILLION, 7.0),
    "one-bucket": lambda rng: np.append(rng.uniform(100, 101, MILLION - 2), [1e7, 1e-300]),
    "nested-buckets": lambda rng: np.append(
        1 + rng.random(MILLION - 3) * 2.0**-36, [1 + 2.0**-6, 1 + 2.0**-20, 5e-324]
    ),
    "sorted": lambda rng: np.sort(rng.lognormal(8, 2, MILLION)),
    "reversed": lambda rng: np.sort(rng.lognormal(8, 2, MILLION))[::-1].copy(),
    "zeros-negatives-blanks": lambda rng: (
        rng.choice([1.0, 1, 1, 0, -1, np.nan], MILLION) * rng.lognormal(8, 2, MILLION)
    ),
}


@pytest.fixture(params=MAKERS)
def column(request: pytest.FixtureRequest) -> Column:
    return MAKERS[request.param](np.random.default_rng(11))


def pandas_pareto(values: Column) -> pd.Series:
    """Sort, running share, cut: what most would write (ties split, negatives not minded)."""
    ranked = pd.Series(values).sort_values(ascending=False)
    return pd.cut(ranked.cumsum() / ranked.sum(), [0, 0.8, 0.95, 1], labels=["A", "B", "C"])


def test_pareto_classes(benchmark, column, request):
    benchmark.group = f"pareto 1e6 {request.node.callspec.id}"
    codes = benchmark(pareto_classes, column)
    total = column[column > 0].sum()
    for code, cut in ((0, 0.80), (1, 0.95)):
        held = column[(codes >= 0) & (codes <= code)]
        assert held.sum() >= (cut - 1e-6) * total
        assert held[held > held.min()].sum() < cut * total


def test_pareto_by_pandas(benchmark, column, request):
    benchmark.group = f"pareto 1e6 {request.node.callspec.id}"
    assert len(benchmark(pandas_pareto, column)) == MILLION


def test_one_copy(benchmark):
    benchmark.group = "pareto 1e6 lognormal"
    column = MAKERS["lognormal"](np.random.default_rng(11))
    assert benchmark(column.copy).sum() == column.sum()


@pytest.mark.benchmark(group="small: 50 values")
def test_few_values(benchmark):
    values = np.random.default_rng(11).lognormal(8, 2, 50)
    assert benchmark(pareto_classes, values).min() == 0


LOGNORMAL = MAKERS["lognormal"](np.random.default_rng(11))


@pytest.mark.benchmark(group="share reached 1e6")
def test_pareto_shares(benchmark):
    assert benchmark(pareto_shares, LOGNORMAL).max() == 1


@pytest.mark.benchmark(group="ranks 1e6")
def test_ranks(benchmark):
    assert benchmark(ranks, LOGNORMAL).min() == 1


@pytest.mark.benchmark(group="ranks 1e6")
def test_ranks_by_pandas(benchmark):
    series = pd.Series(LOGNORMAL)
    assert benchmark(lambda: series.rank(method="min", ascending=False)).min() == 1


@pytest.mark.benchmark(group="top 5 % and 20 % of 1e6")
def test_rank_classes(benchmark):
    assert np.bincount(benchmark(rank_classes, LOGNORMAL)).tolist() == [50_000, 150_000, 800_000]


@pytest.mark.benchmark(group="five groups of 1e6")
def test_quantile_scores(benchmark):
    assert np.bincount(benchmark(quantile_scores, LOGNORMAL))[1:].tolist() == [200_000] * 5


@pytest.mark.benchmark(group="five groups of 1e6")
def test_quantiles_by_pandas(benchmark):
    assert (benchmark(pd.qcut, LOGNORMAL, 5).value_counts() == 200_000).all()


@pytest.mark.benchmark(group="natural breaks of 1000")
def test_natural_breaks(benchmark):
    assert len(benchmark(natural_breaks, LOGNORMAL[:1000], 5)) == 5


@pytest.mark.benchmark(group="natural breaks of 1000")
def test_natural_breaks_by_mapclassify(benchmark):
    import mapclassify  # here, not while tests are collected: it compiles for seconds

    peer = benchmark(mapclassify.FisherJenks, LOGNORMAL[:1000], 5)
    assert peer.bins.tolist() == natural_breaks(LOGNORMAL[:1000], 5).tolist()


@pytest.mark.benchmark(group="natural breaks of 1e6")
def test_natural_breaks_of_a_million(benchmark):
    assert len(benchmark(natural_breaks, LOGNORMAL, 5)) == 5


DAYS = np.random.default_rng(11).integers(15_000, 21_000, MILLION)
OFF = np.arange(15_000, 21_000, 97)


@pytest.mark.benchmark(group="30 working days on from 1e6 days")
def test_workday_shift(benchmark):
    assert len(benchmark(workday_shift, DAYS, 30, MONDAY_TO_FRIDAY, OFF)) == MILLION


@pytest.mark.benchmark(group="30 working days on from 1e6 days")
def test_workday_shift_by_numpy(benchmark):
    dates, holidays = DAYS.astype("datetime64[D]"), OFF.astype("datetime64[D]")
    moved = benchmark(lambda: np.busday_offset(dates, 30, roll="backward", holidays=holidays))
    assert (moved.astype(np.int64) == workday_shift(DAYS, 30, MONDAY_TO_FRIDAY, OFF)).all()
