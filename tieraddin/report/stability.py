"""The report of how a grade holds from one period to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieraddin.report.blocks import show
from tieraddin.report.console import data, told

if TYPE_CHECKING:
    from tieraddin.actions.stability.check import StabilityCheck


def stability(check: StabilityCheck, *, as_json: bool) -> None:
    """What two gradings come to."""
    if as_json:
        data(check.as_data())
        return
    from tieraddin.actions.stability.tables import blocks_of

    for period in (check.before, check.after):
        print(told("stability.period", **period.as_data()))
    print("\n".join(check.sentences))
    show(blocks_of(check))
