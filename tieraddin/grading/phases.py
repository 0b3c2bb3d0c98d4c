"""Phased amounts (P13): the share of an amount that is due by the stage reached, and what a leaver keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from tieraddin.language import LANGUAGES
from tieraddin.tables.words import folded

if TYPE_CHECKING:
    from tieraddin.models.sections import Phase  # pydantic, which a worksheet function does without

CENT = Decimal("0.01")
_WIDE = Context(prec=400)
"""Digits for whatever number a cell holds."""


def stage_names(phases: Sequence[Phase]) -> dict[str, Phase]:
    """Every name of a phase, folded: the stage's id and label; a leaver's phase goes by its label alone."""
    names: dict[str, Phase] = {}
    for phase in phases:
        known = [phase.label[lang] for lang in LANGUAGES] + ([] if phase.leaver else [phase.stage])
        names |= dict.fromkeys(map(folded, known), phase)
    return names


def to_cents(amount: Decimal) -> Decimal:
    """``amount`` rounded to cents, half a cent away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP, _WIDE)


def exact(number: float) -> Decimal:
    """The number that a person reads in the cell: the shortest that is stored as ``number``."""
    return Decimal(repr(float(number)))


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of one amount.

    Attributes
    ----------
    share
        of the whole amount.
    parts
        stage -> what it adds, in cents; the parts sum up to `amount` to the cent.
    leaver
        whether it is a leaver's share.
    """

    share: Decimal
    parts: dict[str, Decimal]
    leaver: bool = False

    @property
    def amount(self) -> Decimal:
        """What is due in all, in cents."""
        return sum(self.parts.values(), Decimal(0))


def due_of(phases: Sequence[Phase], reached: str, amount: float, *, unsigned_leaver: bool = False) -> Due:
    """What is due of ``amount`` once the stage ``reached`` (its id) is.

    Parameters
    ----------
    unsigned_leaver
        whoever earned it left before the deal was signed: the leaver's phases count in place of the others.
    """
    order = list(dict.fromkeys(phase.stage for phase in phases))
    upto = order.index(reached)
    counted = [p for p in phases if p.leaver == unsigned_leaver and order.index(p.stage) <= upto]
    shares = [Decimal(0), *(exact(phase.share) for phase in counted)]
    sums = [to_cents(exact(amount) * share) for share in shares]
    parts = {phase.stage: after - before for phase, (before, after) in zip(counted, pairwise(sums), strict=True)}
    return Due(shares[-1], parts, unsigned_leaver)
