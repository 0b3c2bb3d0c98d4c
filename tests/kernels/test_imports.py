"""A few values must not cost the import of numba, nor a calendar's class that of holidays."""

from __future__ import annotations

import subprocess
import sys

import pytest

SMALL_WORK = """
import sys
from tieraddin.followup.calendars import Calendar
from tieraddin.kernels import bands, breaks, concentration, pareto, quantiles, ranks, scorecard, workdays
values = [5.0, 3, 2, 1] * 10_000
pareto.pareto_classes(values), pareto.pareto_shares(values), ranks.rank_classes(values), ranks.ranks(values)
bands.band_codes(values, [2]), quantiles.quantile_scores(values), scorecard.weighted_scores([values], [1])
breaks.natural_breaks(values, 2), concentration.gini(values), workdays.workday_shift([1], 1)
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def modules():
    return subprocess.run([sys.executable, "-c", SMALL_WORK], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("heavy", ["numba", "pandas", "holidays", "scipy"])
def test_what_small_work_does_without(modules, heavy):
    assert "numpy" in modules
    assert heavy not in modules
