"""In which order formulas are worked out: what each needs comes before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tieraddin.formulas.cells import Cells, Spot
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.references import reached
from tieraddin.formulas.spelling import plain_name
from tieraddin.formulas.syntax import words
from tieraddin.tables.layout import Area
from tieraddin.workbooks.port import Form, FormulaCell

_MOVING = {"INDIRECT", "OFFSET"}
"""Functions whose arguments do not say which cells they read."""


class Key(NamedTuple):
    """A cell with a formula."""

    sheet: str
    row: int
    column: int


class Place(NamedTuple):
    """Cells that a formula reads."""

    sheet: str
    area: Area


Node: TypeAlias = "Key | Place"
Needs: TypeAlias = dict[Node, list[Node]]


class Standing:
    """Which formulas fill which cells.

    Parameters
    ----------
    areas
        what each formula fills.
    """

    def __init__(self, areas: Mapping[Key, Area]) -> None:
        self._single = {key: key for key, area in areas.items() if area[:2] == area[2:]}
        self._all = _by_sheet(areas.items())
        self._wide = _by_sheet((key, area) for key, area in areas.items() if key not in self._single)
        self._known: dict[Place, list[Key]] = {}

    def inside(self, place: Place) -> list[Key]:
        """The formulas that fill cells of a place."""
        if place not in self._known:
            self._known[place] = self._found(place)
        return self._known[place]

    def _found(self, place: Place) -> list[Key]:
        sheet, area = place
        if area[:2] != area[2:]:
            return _hit(self._all.get(sheet), area)
        alone = self._single.get(Key(sheet, *area[:2]))
        return ([alone] if alone else []) + _hit(self._wide.get(sheet), area)


Spread: TypeAlias = "tuple[list[Key], NDArray[np.int64]]"


def _by_sheet(areas: Iterable[tuple[Key, Area]]) -> dict[str, Spread]:
    """The formulas of each sheet, and the bounds of what they fill."""
    found: dict[str, list[tuple[Key, Area]]] = {}
    for key, area in areas:
        found.setdefault(key.sheet, []).append((key, area))
    return {
        sheet: ([key for key, _ in pairs], np.array([area for _, area in pairs]).T) for sheet, pairs in found.items()
    }


def _hit(spread: Spread | None, area: Area) -> list[Key]:
    """The formulas that fill cells of an area."""
    if spread is None:
        return []
    keys, (r1, c1, r2, c2) = spread
    hit = (r1 <= area.last_row) & (r2 >= area.first_row) & (c1 <= area.last_column) & (c2 >= area.first_column)
    return [keys[i] for i in np.flatnonzero(hit).tolist()]


def spot_of(sheet: str, cell: FormulaCell) -> Spot:
    """Where a formula of a sheet is read."""
    return Spot(sheet, cell.row, cell.column, cell.down, cell.right)


def reads(sheet: str, cell: FormulaCell, cells: Cells) -> list[Place]:
    """The places that one of our formulas reads.

    Raises
    ------
    NotWorkedOut
        it can't be read, or refers to what is not there.
    """
    spot = spot_of(sheet, cell)
    return [Place(*place) for text in words(cell.text).references for place in reached(text, spot, cells)]


def reads_of_others(sheet: str, cell: FormulaCell, cells: Cells) -> list[Place] | None:
    """The places that a formula of Excel's own reads; None where it doesn't say."""
    if cell.form is Form.DATA_TABLE:
        return None
    try:
        found = words(cell.text)
    except NotWorkedOut:
        return None
    if any(plain_name(name) in _MOVING or ":" in name for name in found.functions):
        return None
    places = []
    for text in found.references:
        try:
            places += [Place(*place) for place in reached(text, spot_of(sheet, cell), cells)]
        except NotWorkedOut:  # another workbook, a parameter of LET: no cell of this workbook
            continue
    return places


def needs_of(start: Iterable[Key], read: Callable[[Key], Iterable[Place]], standing: Standing) -> Needs:
    """What the formulas ``start``, and all that these need, need: other formulas, and places that hold such."""
    needs: Needs = {}
    left: list[Node] = list(start)
    while left:
        node = left.pop()
        if node in needs:
            continue
        if isinstance(node, Place):
            needs[node] = list(standing.inside(node))
        else:
            needs[node] = [place for place in dict.fromkeys(read(node)) if standing.inside(place)]
        left += needs[node]
    return needs


def in_order(needs: Needs) -> Iterator[Node]:
    """All nodes of ``needs`` but those that need themselves, each after what it needs."""
    sorter = TopologicalSorter(needs)
    with suppress(CycleError):
        sorter.prepare()
    while sorter.is_active() and (ready := sorter.get_ready()):
        yield from ready
        sorter.done(*ready)
