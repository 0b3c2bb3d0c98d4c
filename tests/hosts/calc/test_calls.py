"""Cells as Calc hands them over, and results as it takes them; without LibreOffice."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest

from tieraddin.hosts.calc.calls import LARGEST, answer
from tieraddin.hosts.faults import taken

USUAL, OF_1904, OF_1900 = (1899, 12, 30), (1904, 1, 1), (1900, 1, 1)
NA, VALUE, NUM = 32767, 519, 503
"""Numbers of LibreOffice's errors."""


def shown(cell: Any) -> Any:
    """A cell, an error as ``("error", its number)``."""
    if isinstance(cell, float) and math.isnan(cell):
        return "error", struct.unpack("<Q", struct.pack("<d", cell))[0] & 0xFFFF
    return cell


def call(name: str, *cells: Any, null_date: tuple[int, int, int] = USUAL, lang: Any = "en") -> Any:
    from udfs import FUNCTIONS

    given = [*cells, *[None] * (len(FUNCTIONS[name].arguments) - len(cells))]
    return tuple(tuple(map(shown, row)) for row in answer(name, given, null_date, lang))


def column(*cells: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple((cell,) for cell in cells)


@pytest.mark.parametrize(
    "name, cells, expected",
    [
        ("PARETO_CLASS", [column(50.0, 30.0, 15.0, 5.0)], column("A", "A", "B", "C")),
        ("PARETO_CLASS", [column(50.0, "", "x", 1.0, None)], column("A", "", ("error", VALUE), "C", "")),
        ("PARETO_CLASS", [7.0, 0.0], column(("error", NUM))),  # a cut of 0 is none
        ("GINI", [((1.0, 3.0),)], column(0.25)),
        ("GINI", [0.0], column(("error", NA))),
        ("TIER", [0.0, 5.0], column(("error", VALUE))),  # a reference to a blank cell
        ("TIER", ["value-abc", 0.0, None, None, column(5.0, "", 1.0)], column("")),
        ("TIER", ["value-abc", 0.0, 0.0, 0.0, column(5.0, 0.0)], column("C")),
        ("TIER", ["value-abc", 3.0, None, None, column(5.0, 1.0)], column(("error", NA))),
        ("PARETO_CLASS", [0.0, None, None, None, column(5.0, "", 1.0)], column("")),
        ("PARETO_CLASS", [0.0, None, None, None, column(5.0, 1.0)], column("C")),  # may be a result that is 0
        ("PARETO_CLASS", [0.0, None, None, None, column(5.0, "", 0.0)], column("C")),
        ("PARETO_SHARE", [0.0, column(5.0, "", 1.0)], column("")),
        ("RANK_CLASS", [0.0, None, None, column(5.0, "", 1.0)], column("")),
        ("WORKDAY_CN", [0.0, 1.0], column("")),
        ("RFM_SEGMENT", [0.0, "en"], column("")),
    ],
)
def test_cells_in_and_out(name: str, cells: list[Any], expected: Any) -> None:
    assert call(name, *cells) == expected


@pytest.mark.parametrize("null_date, later", [(USUAL, 0), (OF_1904, 1462), (OF_1900, 2)])
def test_dates_are_serials_of_the_workbook(null_date: tuple[int, int, int], later: int) -> None:
    friday, saturday = 46066.0 - later, 46067.0 - later  # 13 and 14 February 2026; the Saturday is worked
    for given in (friday, column(friday), 20260213.0, "2026-02-13"):
        assert call("WORKDAY_CN", given, 1.0, null_date=null_date) == column(saturday)
    own = ((saturday, 0.0),)
    assert call("WORKDAY_CN", friday, 1.0, own, null_date=null_date) == column(saturday + 2)


def test_a_range_whose_dates_would_be_misread_is_refused_with_a_reason() -> None:
    taken()
    data = column("first_visit", 44601.0)
    assert call("TIER", "client-ownership", data, None, "as_of=2026-03-06", null_date=OF_1904) == column(
        ("error", VALUE)
    )
    (said,) = taken()
    assert said.startswith("TIER: ")
    assert "1904-01-01" in said
    assert call("TIER", "value-abc", column(7.0), null_date=OF_1904) == column("A")


def test_a_whole_column_or_row_ends_with_the_last_cell_in_use() -> None:
    rows = [("",)] * LARGEST[0]
    rows[1:4] = [(60.0,), (30.0,), (10.0,)]
    assert call("PARETO_CLASS", tuple(rows)) == column("", "A", "A", "B")
    line = [""] * LARGEST[1]
    line[:2] = [60.0, 40.0]
    assert call("PARETO_CLASS", (tuple(line),)) == (("A", "A"),)
    assert call("PARETO_CLASS", (("",),) * LARGEST[0]) == column("")


def test_the_language_is_that_of_libreoffice() -> None:
    data = column("Sales", 5.0)
    assert [call("TIER", "value-abc", data, lang=lang)[0][0] for lang in ("en", "zh")] == ["Tier", "等级"]
