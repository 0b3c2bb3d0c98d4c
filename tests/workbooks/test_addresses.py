"""Addresses as Excel writes them."""

from __future__ import annotations

import pytest

from tieraddin.hosts.excel.raw import area_at
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("$B$2", (2, 2, 2, 2)),
        ("$A$1:$AA$30", (1, 1, 30, 27)),
        ("$C:$C", (1, 3, LAST_ROW, 3)),
        ("$A:$XFD", (1, 1, LAST_ROW, LAST_COLUMN)),
        ("$5:$5", (5, 1, 5, LAST_COLUMN)),
        ("$1:$1048576", (1, 1, LAST_ROW, LAST_COLUMN)),
        ("$B$2:$C$3,$E$5", (2, 2, 3, 3)),
        ("$C:$D,$A$1", (1, 3, LAST_ROW, 4)),
    ],
)
def test_an_address_is_an_area(address: str, area: tuple[int, int, int, int]) -> None:
    assert area_at(address) == area
