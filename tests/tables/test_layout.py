from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, Area, column_letters, column_number, parse_area


@given(st.integers(1, LAST_COLUMN))
def test_column_letters_as_openpyxl_has_them(number):
    assert column_letters(number) == get_column_letter(number)
    assert column_number(column_letters(number).lower()) == number


@pytest.mark.parametrize(
    "text, area",
    [
        ("A1", (1, 1, 1, 1)),
        ("$B$2", (2, 2, 2, 2)),
        ("A1:C3", (1, 1, 3, 3)),
        ("c$3:$a1", (1, 1, 3, 3)),
        ("XFD1048576", (LAST_ROW, LAST_COLUMN, LAST_ROW, LAST_COLUMN)),
    ],
)
def test_addresses(text, area):
    assert parse_area(text) == area


@pytest.mark.parametrize(
    "text", ["", "A", "1", "A0", "XFE1", "A1048577", "A1:", "A1:B2:C3", "Sheet1!A1", "AAAA1", "A01"]
)
def test_what_is_no_address(text):
    with pytest.raises(ValueError):
        parse_area(text)


COORDINATES = st.tuples(st.integers(1, LAST_ROW), st.integers(1, LAST_COLUMN))


@given(COORDINATES, COORDINATES)
def test_an_area_written_comes_back(one, other):
    area = Area(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
    assert parse_area(str(area)) == area
