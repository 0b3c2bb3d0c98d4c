from __future__ import annotations

from pathlib import Path

import pytest

from tieraddin.models.load import CATALOGUE

FILES = sorted((file for file in CATALOGUE.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
"""The shipped models."""
MODELS = sorted(file.name.removesuffix(".toml") for file in FILES)
"""Their ids."""
MODEL = """
id = "small"
name = { zh = "小模型", en = "Small" }
about = { zh = "测试用。", en = "For tests." }
source = [{ document = "tests" }]
common = ["current_grade", "grade_since"]

[[fields]]
name = "value"
kind = "number"
label = { zh = "金额", en = "Value" }
aliases = ["sales", "销售额"]

[[fields]]
name = "wish"
kind = "choice"
label = { zh = "意愿", en = "Wish" }
[fields.values.yes]
label = { zh = "有", en = "has one" }
[fields.values.no]
label = { zh = "无", en = "has none" }

[[fields]]
name = "risk"
kind = "flag"
label = { zh = "风险", en = "Risk" }

[options.limit]
kind = "number"
default = 100
help = { zh = "界限", en = "limit" }

[[steps]]
id = "size"
block = "bands"
input = "value"
bands = [
  { grade = "small", below = "$limit" },
  { grade = "middle", at_least = "$limit", below = 1000 },
  { grade = "large", at_least = 1000 },
]

[[steps]]
id = "grade"
block = "ladder"

[[steps.rules]]
grade = "A"
when = { all = [
  { field = "size", is = "large" },
  { any = [{ field = "wish", is = "yes" }, { field = "value", above = 5000 }] },
  { not = { field = "risk", is = true } },
] }

[[steps.rules]]
grade = "B"
when = { at_least_k = 1, of = [{ field = "size", is = ["large", "middle"] }, { field = "wish", is = "yes" }] }

[[grades]]
id = "A"
label = { zh = "甲", en = "A" }
reason = { zh = "因为{because}。", en = "Since {because}." }

[[grades]]
id = "B"
label = { zh = "乙", en = "B" }
reason = { zh = "金额 {value:,.0f}。", en = "Value {value:,.0f}." }

[[movement.moves]]
from = ["B"]
to = "A"
after_days = 7
when = { field = "value", at_least = 2000 }
reason = { zh = "增长。", en = "Grew." }

[[portfolio.norms]]
grade = "A"
customers = 0.2
"""
"""A small model that uses a bit of everything."""


@pytest.fixture
def small() -> str:
    return MODEL


@pytest.fixture(autouse=True)
def no_models_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of the user's own models."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("TIERADDIN_MODELS", str(folder))
    return folder
