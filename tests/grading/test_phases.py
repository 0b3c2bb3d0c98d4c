"""What is due by stage: worked out by hand, and in whole cents by fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.grading.phases import due_of, stage_names
from tieraddin.models.load import find_model

PHASES = find_model("client-ownership").model.phases
STAGES = ["gained", "signed", "papers", "paid"]
SHARES = [Fraction(30, 100), Fraction(50, 100), Fraction(70, 100), Fraction(1)]


@pytest.mark.parametrize(
    "stage, amount, left, share, parts",
    [
        ("gained", 10000, False, "0.3", ["3000.00"]),
        ("signed", 10000, False, "0.5", ["3000.00", "2000.00"]),
        ("papers", 10000, False, "0.7", ["3000.00", "2000.00", "2000.00"]),
        ("paid", 10000, False, "1.0", ["3000.00", "2000.00", "2000.00", "3000.00"]),
        ("gained", 10000.05, False, "0.3", ["3000.02"]),  # 3000.015: half a cent goes up
        ("gained", 0.01, False, "0.3", ["0.00"]),
        ("signed", 0.01, False, "0.5", ["0.00", "0.01"]),  # 0.005
        ("paid", 0.01, False, "1.0", ["0.00", "0.01", "0.00", "0.00"]),
        ("paid", 1.1, False, "1.0", ["0.33", "0.22", "0.22", "0.33"]),
        ("signed", -0.01, False, "0.5", ["0.00", "-0.01"]),
        ("signed", 1e300, False, "0.5", None),
        ("gained", 10000, True, "0", []),
        ("signed", 10000, True, "0", []),
        ("papers", 10000, True, "0", []),
        ("paid", 10000, True, "0.3", ["3000.00"]),
    ],
)
def test_what_is_due(stage, amount, left, share, parts):
    due = due_of(PHASES, stage, amount, unsigned_leaver=left)
    assert due.share == Decimal(share)
    assert due.leaver == left
    if parts is not None:
        assert list(map(str, due.parts.values())) == parts
        assert due.amount == sum(map(Decimal, parts), Decimal(0))


@given(st.integers(0, 10**12), st.sampled_from(range(4)))
def test_parts_add_up_to_the_cent(cents, reached):
    due = due_of(PHASES, STAGES[reached], cents / 100)
    exact = Fraction(cents, 100) * SHARES[reached]
    whole = (exact * 200 + 1) // 2  # cents, half up
    assert Fraction(due.amount) * 100 == whole
    assert list(due.parts) == STAGES[: reached + 1]
    assert all(part == part.quantize(Decimal("0.01")) for part in due.parts.values())


@pytest.mark.parametrize(
    "name, stage, leaver",
    [
        ("gained", "gained", False),
        ("认购", "gained", False),
        ("Contract and First Payment", "signed", False),
        ("paid", "paid", False),
        ("离职者的未签约客户，签约付款后", "paid", True),
        ("sold", None, False),
    ],
)
def test_the_names_of_a_stage(name, stage, leaver):
    from tieraddin.tables.words import folded

    found = stage_names(PHASES).get(folded(name))
    assert (found.stage, found.leaver) == (stage, leaver) if found else stage is None
