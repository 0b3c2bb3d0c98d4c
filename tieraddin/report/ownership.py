"""The reports of who holds which customer, and of what is due by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tieraddin.report.blocks import show
from tieraddin.report.console import data, written

if TYPE_CHECKING:
    from tieraddin.actions.own_sheet import Block


def ownership(done: dict[str, Any], *, as_json: bool) -> None:
    """Who is held, warned, released, and to whom they could go."""
    if as_json:
        data(done)
        return
    from tieraddin.actions.ownership import blocks_of, said

    _report(done, said(done), blocks_of(done))


def amounts(done: dict[str, Any], *, as_json: bool) -> None:
    """What is due of each amount."""
    if as_json:
        data(done)
        return
    from tieraddin.actions.phases import blocks_of, said

    _report(done, said(done), blocks_of(done, whole=False))


def _report(done: dict[str, Any], lines: Sequence[str], blocks: Sequence[Block]) -> None:
    for line in lines:
        print(line)
    show(blocks)
    for line in (*done["left_out_said"], *done["notes"]):
        print(line)
    written(done)
