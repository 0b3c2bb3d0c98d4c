"""Numbers that others have published or that other programs give."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from tieraddin.followup.calendars import Calendar
from tieraddin.kernels.bands import band_codes
from tieraddin.kernels.breaks import adcm, head_tail_breaks, natural_breaks
from tieraddin.kernels.concentration import abc_analysis, abc_limits
from tieraddin.kernels.quantiles import quantile_edges
from tieraddin.kernels.workdays import NO_DAYS, week_of, workday_shift, workdays_between

ABC_DATA = [1, 15, 25, 17, 2, 3, 5, 6, 2, 3, 22]


@pytest.fixture(scope="module")
def peers():
    """Imported here, not while tests are collected: it compiles for seconds."""
    import mapclassify

    return mapclassify


@pytest.fixture(scope="module")
def calemp(peers):
    return peers.load_example().to_numpy(float)


def day(iso: str) -> int:
    return int(np.datetime64(iso, "D").astype(np.int64))


def days(*isos: str) -> np.ndarray:
    return np.array([day(iso) for iso in isos], np.int64)


def serial(when: np.ndarray) -> int:
    return int(when) + 25_569  # 1970-01-01 in Excel's 1900 system


def counts(values: np.ndarray, bounds: np.ndarray) -> list[int]:
    return np.bincount(band_codes(values, bounds, upper_closed=True)).tolist()


def test_computed_abc_of_ultsch_and_loetsch():
    codes = abc_analysis(ABC_DATA)
    limits = abc_limits(ABC_DATA)
    assert np.flatnonzero(codes == 0).tolist() == [2, 3, 10]
    assert np.flatnonzero(codes == 1).tolist() == [1, 7]
    assert (limits.a_value, limits.b_value) == (15, 6)


def computed_abc_peer(values: list[float] | np.ndarray) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from abc_analysis import abc_analysis as peer

        return peer(pd.Series(values))


def test_computed_abc_as_its_package_has_it():
    peer = computed_abc_peer(ABC_DATA)
    codes = abc_analysis(ABC_DATA)
    assert [sorted(peer[key]) for key in ("Aind", "Bind", "Cind")] == [
        np.flatnonzero(codes == code).tolist() for code in (0, 1, 2)
    ]
    assert (peer["ABLimit"], peer["BCLimit"]) == (15, 6)


@pytest.mark.parametrize("n", [50, 200, 1000])
def test_computed_abc_limits_are_near_those_of_splines(n):
    values = np.random.default_rng(1).lognormal(3, 1.2, n)
    peer = computed_abc_peer(values)
    limits = abc_limits(values)
    assert limits.a_share == pytest.approx(peer["A"]["Effort"], abs=0.015)
    assert limits.b_share == pytest.approx(peer["C"]["Effort"], abs=0.015)


def test_natural_breaks_of_calemp(calemp):
    bounds = natural_breaks(calemp, 5)
    assert bounds.tolist() == [75.29, 192.05, 370.5, 722.85, 4111.45]
    assert counts(calemp, bounds) == [49, 3, 4, 1, 1]
    assert adcm(calemp, bounds) == pytest.approx(799.24, abs=0.005)


def test_quantiles_of_calemp(calemp):
    bounds = np.append(quantile_edges(calemp, 5), calemp.max())
    assert bounds == pytest.approx([1.464, 5.798, 13.278, 54.616, 4111.45], abs=0.0005)
    assert counts(calemp, bounds) == [12, 11, 12, 11, 12]


@pytest.mark.parametrize("k", range(2, 10))
def test_natural_breaks_as_mapclassify_has_them(peers, calemp, k):
    peer = peers.FisherJenks(calemp, k)
    assert natural_breaks(calemp, k).tolist() == peer.bins.tolist()
    assert adcm(calemp, peer.bins) == pytest.approx(peer.adcm)


@pytest.mark.parametrize("k", range(2, 10))
def test_quantiles_as_mapclassify_has_them(peers, calemp, k):
    peer = peers.Quantiles(calemp, k)
    assert quantile_edges(calemp, k) == pytest.approx(peer.bins[:-1])


def test_head_and_tail_of_the_inverse_squares(peers):
    values = np.arange(1, 1000.0) ** -2
    bounds = head_tail_breaks(values)
    assert counts(values, bounds) == [975, 21, 2, 1]
    assert bounds == pytest.approx(peers.HeadTailBreaks(values).bins)


@pytest.mark.parametrize(
    "start, end, weekend, off, expected",
    [
        ("2012-10-01", "2013-03-01", 1, [], 110),
        ("2012-10-01", "2013-03-01", 1, ["2012-11-22"], 109),
        ("2012-10-01", "2013-03-01", 1, ["2012-11-22", "2012-12-04", "2013-01-21"], 107),
        ("2006-01-01", "2006-01-31", 1, [], 22),
        ("2006-02-28", "2006-01-31", 1, [], -21),
        ("2006-01-01", "2006-02-01", 7, ["2006-01-02", "2006-01-16"], 22),
        ("2006-01-01", "2006-02-01", "0010001", ["2006-01-02", "2006-01-16"], 20),
    ],
)
def test_networkdays_as_excel_documents_it(start, end, weekend, off, expected):
    assert workdays_between(day(start), day(end), week_of(weekend), days(*off)) == expected


@pytest.mark.parametrize(
    "start, by, weekend, off, expected",
    [
        ("2008-10-01", 151, 1, [], 39933),
        ("2008-10-01", 151, 1, ["2008-11-26", "2008-12-04", "2009-01-21"], 39938),
        ("2012-01-01", 90, 11, [], 41013),
        ("2012-01-01", 30, 17, [], 40944),
    ],
)
def test_workday_as_excel_documents_it(start, by, weekend, off, expected):
    assert serial(workday_shift(day(start), by, week_of(weekend), days(*off) if off else NO_DAYS)) == expected


def test_a_weekend_that_excel_refuses():
    with pytest.raises(ValueError, match="weekend"):
        week_of(0)


@pytest.mark.parametrize(
    "year, expected", [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_china(year, expected):
    assert Calendar.of_country("CN").between(day(f"{year}-01-01"), day(f"{year}-12-31")) == expected
