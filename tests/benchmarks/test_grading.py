"""How long it takes to grade a million rows, and to say why of each.

    pytest tests/benchmarks/test_grading.py -n 0 --benchmark-enable --benchmark-columns=min,rounds

Without ``--benchmark-enable`` each runs once on few rows, and only its answer is looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tieraddin.grading.evaluate import grade_table
from tieraddin.grading.explain import Explainer
from tieraddin.models.load import find_model
from tieraddin.tables.values import Column, Kind, Table


def numbers(values: NDArray) -> Column:
    n = len(values)
    return Column(np.full(n, Kind.NUMBER, np.uint8), values.astype(float), np.full(n, -1, np.int32), [])


def words(rng: np.random.Generator, texts: list[str], n: int) -> Column:
    codes = rng.integers(0, len(texts), n).astype(np.int32)
    return Column(np.full(n, Kind.TEXT, np.uint8), np.full(n, np.nan), codes, texts)


def amounts(rng: np.random.Generator, n: int, mean: float = 8, spread: float = 2) -> Column:
    return numbers(np.round(rng.lognormal(mean, spread, n), 2))


GATES = ("current_risk", "wants_partnership", "good_credit", "unlawful_record", "prior_dealings")
ITEMS = ("need", "area", "product", "price", "means", "process")
TABLES: dict[str, Callable[[np.random.Generator, int], dict[str, Column]]] = {
    "value-abc": lambda rng, n: {"value": amounts(rng, n)},
    "rank-abc": lambda rng, n: {"value": amounts(rng, n)},
    "value-tiers": lambda rng, n: {"value": amounts(rng, n), "service_cost": amounts(rng, n, 6)},
    "rfm": lambda rng, n: {
        "recency_days": numbers(rng.integers(0, 700, n)),
        "frequency": numbers(rng.poisson(4, n)),
        "monetary": amounts(rng, n, 6, 1),
    },
    "volume-gates": lambda rng, n: {
        "trade": words(rng, ["oem", "converter", "dealer", "individual"], n),
        "annual_volume": amounts(rng, n, 15, 1.5),
        "late_payments": numbers(rng.integers(0, 3, n)),
        "uncollected_goods": numbers(rng.integers(0, 2, n)),
        **{name: words(rng, ["是", "否"], n) for name in GATES},
    },
    "lowest-item-intent": lambda rng, n: {
        **{name: words(rng, list("ABCD"), n) for name in ITEMS},
        "closing_days": numbers(rng.integers(0, 40, n)),
    },
    "loss-ratio": lambda rng, n: {"loss_ratio": numbers(rng.uniform(0, 1.5, n))},
}


@pytest.fixture(params=TABLES)
def graded(request: pytest.FixtureRequest, benchmark):
    """A model's name, and a function that grades its table."""
    n = 1_000_000 if benchmark.enabled else 5_000
    columns = TABLES[request.param](np.random.default_rng(11), n)
    table = Table(list(columns), list(columns.values()), np.arange(n))
    places = {name: (i, 1.0) for i, name in enumerate(columns)}
    model = find_model(request.param).model
    benchmark.group = request.param
    return lambda: grade_table(model, table, places)


def test_grade(benchmark, graded):
    grading = benchmark.pedantic(graded, rounds=3, warmup_rounds=1)
    assert sum(grading.counts().values()) == np.count_nonzero(grading.codes >= 0) > 0


@pytest.mark.parametrize("said", ["reason", "next_step"])
def test_say(benchmark, graded, said):
    grading = graded()

    def say_all() -> list[str | None]:
        say = getattr(Explainer(grading, "zh"), said)
        return [say(i) for i in range(len(grading))]

    sentences = benchmark.pedantic(say_all, rounds=1)
    assert len(sentences) == len(grading)
    assert any(sentences)
