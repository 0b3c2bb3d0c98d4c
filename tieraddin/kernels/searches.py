"""Exact cutoffs over partitions: a search asks for tallies, pass by pass, until it has found its values.

A search is a generator: it yields a `Wish`, is sent the merged tallies of all partitions, and returns its cutoffs.
They are those that `pareto`, `ranks` and `quantiles` find with all values at hand, to the last bit.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from tieraddin.kernels.arrays import Floats, Ints, as_shares
from tieraddin.kernels.pareto import Crossing, Units, coarse_power, fine_power, limits_of
from tieraddin.kernels.quantiles import interpolated, quantile_places
from tieraddin.kernels.ranks import top_counts
from tieraddin.kernels.tally import FINITE, POSITIVE, Span, Tally, Wish, values_of

Search: TypeAlias = Generator[Wish, list[Tally], Floats]


class _Found(NamedTuple):
    """The value that brings the running total to a limit, and the next larger one (itself for the largest)."""

    value: float
    larger: float


class _Level(NamedTuple):
    """A tally in which limits are looked for; ``above``: the total of the larger values, and the least of those."""

    tally: Tally
    limits: Ints
    above: int
    larger: int | None


def share_search(cuts: Sequence[float], crossing: Crossing) -> Search:
    """The cutoffs of `pareto.pareto_cutoffs`."""
    shares = as_shares(cuts)
    (counted,) = yield Wish((POSITIVE,))
    if not len(counted.sums):
        return np.full(len(shares), np.nan)
    span = Span(int(counted.least[0]), int(counted.most[-1]))
    coarse = coarse_power(float(values_of(counted.most[-1:])[0]))
    (rough,) = yield Wish((span,), Units.of_power(coarse))
    units = Units.of_power(fine_power(coarse, int(rough.sums.sum()), int(counted.sums.sum())))
    (tally,) = yield Wish((span,), units)
    limits = limits_of(shares, int(tally.sums.sum()), crossing)
    found = yield from _reached(limits, tally, units)
    return np.array([found[limit].value if crossing == "in" else found[limit].larger for limit in limits.tolist()])


def rank_search(top_shares: Sequence[float]) -> Search:
    """The cutoffs of `ranks.rank_cutoffs`."""
    (tally,) = yield Wish((FINITE,))
    n = int(tally.sums.sum())
    if not n:
        return np.full(len(top_shares), np.nan)
    counts = top_counts(as_shares(top_shares), n)
    found = yield from _reached(counts, tally)
    return np.array([found[count].value for count in counts.tolist()])


def quantile_search(groups: int) -> Search:
    """The edges of `quantiles.quantile_edges`."""
    (tally,) = yield Wish((FINITE,))
    n = int(tally.sums.sum())
    if not n:
        return np.full(groups - 1, np.nan)
    below, above, between = quantile_places(n, groups)
    found = yield from _reached(n - np.concatenate([below, above]), tally)
    lower, upper = ([found[n - place].value for place in places.tolist()] for places in (below, above))
    return interpolated(np.array(lower), np.array(upper), between)


def _reached(limits: Ints, tally: Tally, units: Units | None = None) -> Generator[Wish, list[Tally], dict[int, _Found]]:
    """What brings the running total from the largest value down to each limit; crowded buckets are asked for again."""
    found: dict[int, _Found] = {}
    levels = [_Level(tally, np.unique(limits), 0, None)]
    while levels:
        spans: list[Span] = []
        inner: list[_Level] = []
        for level in levels:
            least, most = level.tally.least, level.tally.most
            running = level.above + np.cumsum(level.tally.sums[::-1])
            at = len(running) - 1 - np.searchsorted(running, level.limits)
            for i in np.unique(at).tolist():
                wanted = level.limits[at == i]
                larger = int(least[i + 1]) if i + 1 < len(least) else level.larger
                if least[i] == most[i]:
                    ends = values_of(np.array([least[i], least[i] if larger is None else larger]))
                    found |= dict.fromkeys(wanted.tolist(), _Found(*ends.tolist()))
                    continue
                spans.append(Span(int(least[i]), int(most[i])))
                above = int(running[-1 - i]) - int(level.tally.sums[i])
                inner.append(_Level(level.tally, wanted, above, larger))
        asked = (yield Wish(tuple(spans), units)) if spans else []
        levels = [level._replace(tally=tally) for level, tally in zip(inner, asked, strict=True)]
    return found
