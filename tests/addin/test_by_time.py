"""A model that counts days from a date asks a formula for the day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

MODEL = """
id = "fresh"
name = { zh = "新近", en = "Fresh" }
about = { zh = "试", en = "For tests." }
source = [{ document = "tests" }]
[[fields]]
name = "last_deal"
kind = "date"
label = { zh = "最近成交", en = "Last deal" }
[[steps]]
block = "ladder"
otherwise = "B"
rules = [{ grade = "A", when = { field = "last_deal.days", at_most = 30 } }]
[[grades]]
id = "A"
label = { zh = "甲", en = "A" }
reason = { zh = "甲：{because}。", en = "A: {because}." }
[[grades]]
id = "B"
label = { zh = "乙", en = "B" }
reason = { zh = "太久。", en = "Too long ago." }
"""


@pytest.fixture(autouse=True)
def own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fresh.toml").write_text(MODEL, "utf-8")
    monkeypatch.setenv("TIERADDIN_MODELS", str(tmp_path))


def test_with_the_day_the_days_are_counted() -> None:
    data = [["Last deal"], ["2026-02-18"], ["2026-02-17"]]
    given = FUNCTIONS["TIER"]("fresh", data, None, "as_of=2026-03-20")
    assert [list(row) for row in given[1:]] == [["A"], ["B"]]


def test_without_the_day_it_is_asked_for() -> None:
    given = FUNCTIONS["TIER"]("fresh", [["Last deal"], ["2026-02-18"]])
    assert isinstance(given, CellError)
    assert given == CellError("#VALUE!")
