"""How numbers are shown in reasons."""

from __future__ import annotations

import pytest

from tieraddin.grading.phrases import show_number


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        (1200.0, None, "1,200"),
        (0.75, None, "0.75"),
        (-1234.567, None, "-1,234.57"),
        (0.0, 3, "0"),
        (171428.58, 2, "171,428.58"),
        (999_999_999_999_999.0, None, "999,999,999,999,999"),
        (1.5e300, 0, "1.5e+300"),
        (-1e16, None, "-1e+16"),
        (3e-299, 302, "3e-299"),
    ],
)
def test_numbers(number, decimals, shown):
    assert show_number(number, decimals) == shown
