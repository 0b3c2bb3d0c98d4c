"""Classes by position, by thresholds and by the gaps in the data."""

from __future__ import annotations

from tieraddin.addin.answers import class_names, in_range, labelled
from tieraddin.addin.blocks import CallError, Rows
from tieraddin.addin.kinds import Count, Labels, NumberList, Numbers, ShareList, Words
from tieraddin.addin.memo import remembered
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Field, Matched
from tieraddin.kernels.arrays import classes_below
from tieraddin.kernels.bands import band_codes
from tieraddin.kernels.breaks import natural_breaks as breaks_of
from tieraddin.kernels.ranks import TOP_SHARES, rank_cutoffs
from tieraddin.language import listed
from tieraddin.tables.values import Floats

CLOSED = {**dict.fromkeys(("lower", "left", "下"), False), **dict.fromkeys(("upper", "right", "上"), True)}
"""Which end of a band belongs to it, and so whether a value on an edge is in the band below it."""


def _cutoffs(among: Field, top_shares: tuple[float, ...]) -> Floats:
    key = ("rank cutoffs", among.block.key, top_shares)
    with in_range("top_shares"):
        return remembered(key, len(top_shares), lambda: rank_cutoffs(among.numbers, top_shares))


@udf("classes")
def rank_class(
    values: Numbers, top_shares: ShareList = TOP_SHARES, labels: Labels = (), among: Numbers | None = None
) -> Rows:
    """The class of each value by its position; a tie across a cut takes the better class."""
    codes = classes_below(values.numbers, _cutoffs(among or values, top_shares))
    return Matched(values).answer(labelled(codes, class_names(labels, len(top_shares) + 1)))


@udf("classes")
def band(values: Numbers, edges: NumberList, labels: Labels, closed: Words = ("lower",)) -> Rows:
    """The label of the band that each value lies in."""
    if len(closed) not in (1, len(edges)) or not CLOSED.keys() >= set(closed):
        raise CallError("#VALUE!", "one_of", argument="closed", words=listed(("lower", "upper")))
    upper = [CLOSED[word] for word in closed] * (len(edges) if len(closed) == 1 else 1)
    with in_range("edges"):
        codes = band_codes(values.numbers, edges, upper)
    return Matched(values).answer(labelled(codes, class_names(labels, len(edges) + 1)))


@udf("classes")
def natural_breaks(values: Numbers, k: Count) -> Rows:
    """The upper bounds of k natural classes, one below the other; fewer where there are fewer distinct values."""
    with in_range("k"):
        bounds = breaks_of(values.sound_numbers(), k)
    if not len(bounds):
        raise CallError("#N/A", "no_numbers", argument="values")
    return [(bound,) for bound in bounds.tolist()]
