"""Parquet graded part by part, against a script that reads all of it with pandas, sorts, sums up and writes it.

    pytest tests/benchmarks/test_scale.py -n 0 --benchmark-enable --benchmark-columns=min,rounds

Compare the two within one run: the script needs all rows in memory, the product a batch of them.
Without ``--benchmark-enable`` each runs once on few rows, and only its answer is looked at.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tieraddin.actions.big.run import grade_parts
from tieraddin.actions.rules import Rules


@pytest.fixture
def customers(benchmark, tmp_path: Path) -> Path:
    n = 4_000_000 if benchmark.enabled else 20_000
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"Customer": np.arange(n), "Sales": np.round(rng.lognormal(8, 2, n), 2)})
    frame.to_parquet(tmp_path / "in.parquet", index=False, row_group_size=n // 8)
    return tmp_path / "in.parquet"


def pandas_script(path: Path, out: Path) -> None:
    frame = pd.read_parquet(path)
    ranked = frame["Sales"].sort_values(ascending=False)
    share = ranked.cumsum() / ranked.sum()
    before = share.shift(fill_value=0.0)
    frame["grade"] = pd.cut(before, [-1, 0.8, 0.95, 2], right=False, labels=["A", "B", "C"]).astype(str)
    frame.to_parquet(out, index=False)


def product(path: Path, out: Path) -> None:
    grade_parts(path, Rules.of("value-abc"), out)


@pytest.mark.parametrize("grade", [product, pandas_script])
def test_share_classes_of_a_file(benchmark, customers, tmp_path, grade):
    out = tmp_path / "out.parquet"
    benchmark.pedantic(grade, args=(customers, out), rounds=3)
    found = pd.read_parquet(out)
    assert found["Sales"][found["grade"] == "A"].sum() / found["Sales"].sum() == pytest.approx(0.8, abs=1e-3)
