"""Classes and shares by cumulative value, and how concentrated it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tieraddin.addin.answers import class_names, in_range, labelled
from tieraddin.addin.blocks import CallError, Rows
from tieraddin.addin.kinds import Labels, Numbers, ShareList, Words
from tieraddin.addin.memo import remembered
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Field, Matched
from tieraddin.kernels.arrays import classes_below
from tieraddin.kernels.concentration import gini as gini_of
from tieraddin.kernels.pareto import CUTS, Crossing, pareto_cutoffs, pareto_shares
from tieraddin.language import listed
from tieraddin.tables.values import Cell, Floats

CROSSINGS: dict[str, Crossing] = {**dict.fromkeys(("in", "归上级"), "in"), **dict.fromkeys(("out", "归下级"), "out")}


def _cutoffs(among: Field, cuts: tuple[float, ...], crossing: Crossing) -> Floats:
    key = ("pareto cutoffs", among.block.key, cuts, crossing)
    with in_range("cuts"):
        return remembered(key, len(cuts), lambda: pareto_cutoffs(among.numbers, cuts, crossing))


@udf("classes")
def pareto_class(
    values: Numbers,
    cuts: ShareList = CUTS,
    labels: Labels = (),
    crossing: Words = ("in",),
    among: Numbers | None = None,
) -> Rows:
    """The class of each value by cumulative share; nothing where the total is 0."""
    if len(crossing) != 1 or crossing[0] not in CROSSINGS:
        raise CallError("#VALUE!", "one_of", argument="crossing", words=listed(("in", "out")))
    cutoffs = _cutoffs(among or values, cuts, CROSSINGS[crossing[0]])
    names = class_names(labels, len(cuts) + 1)
    return Matched(values).answer(labelled(classes_below(values.numbers, cutoffs), names))


@udf("classes")
def pareto_cutoff(values: Numbers, share: ShareList = CUTS[:1]) -> Rows:
    """The smallest value still among the customers who make ``share`` of the total; for several shares a row."""
    values.sound_numbers()
    cutoffs = _cutoffs(values, share, "in")
    if np.isnan(cutoffs[0]):
        raise CallError("#N/A", "no_total", argument="values")
    return [tuple(cutoffs.tolist())]


def _reached(numbers: Floats) -> tuple[Floats, Floats]:
    """The values of a population, ascending, and the share of the total that each reaches."""
    distinct, first = np.unique(numbers, return_index=True)
    there = ~np.isnan(distinct)
    return distinct[there], pareto_shares(numbers)[first][there]


@udf("classes")
def pareto_share(values: Numbers, among: Numbers | None = None) -> Rows:
    """The share of the total that all values as large, or larger, hold; nothing where the total is 0."""
    all_ = among or values
    members, shares = remembered(("shares", all_.block.key), len(all_.block.cells), lambda: _reached(all_.numbers))
    if not len(shares) or np.isnan(shares[0]):
        return Matched(values).answer([""] * len(values.numbers))
    at = np.searchsorted(members, np.nan_to_num(values.numbers))
    reached: Sequence[Cell] = np.append(shares, 0.0)[at].tolist()
    return Matched(values).answer(reached)


@udf("classes", result="scalar")
def gini(values: Numbers) -> Cell:
    """The Gini coefficient: 0 where all hold the same, near 1 where one holds all."""
    found = gini_of(values.sound_numbers())
    if np.isnan(found):
        raise CallError("#N/A", "no_total", argument="values")
    return found
