"""Names that mean something else to Excel or VBA are refused."""

from __future__ import annotations

import pytest
from openpyxl.utils import FORMULAE

from tieraddin.addin.names import check_argument, check_function, is_address


@pytest.mark.parametrize("name", ["A1", "ABC123", "xfd1048576", "R1C1", "rc", "R", "c", "R2", "C3", "R1C"])
def test_addresses(name: str) -> None:
    assert is_address(name)
    with pytest.raises(ValueError, match="cell address"):
        check_argument(name)


@pytest.mark.parametrize("name", ["TIER", "TIER1", "RFM_SCORE", "k", "x", "WORKDAY_CN", "ABCD1", "as_of", "Row1x"])
def test_names_that_are_none(name: str) -> None:
    assert not is_address(name)
    check_function(name)


@pytest.mark.parametrize("name", ["End", "end", "Date", "name", "Next", "type", "String", "LET", "Me"])
def test_words_of_vba(name: str) -> None:
    with pytest.raises(ValueError, match="VBA"):
        check_argument(name)


@pytest.mark.parametrize("name", ["sum", "RANK", "XLOOKUP", "LAMBDA", "NETWORKDAYS", "GROUPBY"])
def test_functions_of_excel(name: str) -> None:
    with pytest.raises(ValueError, match="Excel"):
        check_function(name)


def test_the_functions_that_openpyxl_knows_are_all_refused() -> None:
    plain = sorted(name for name in FORMULAE if name.isalnum())
    assert len(plain) > 250
    for name in plain:
        with pytest.raises(ValueError):
            check_function(name)


@pytest.mark.parametrize("name", ["", "1st", "_x", "等级", "a b", "a-b", "T.DIST"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        check_argument(name)
