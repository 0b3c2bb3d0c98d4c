"""Parquet graded part by part has, row by row, the grades of the whole at once."""

from __future__ import annotations

import datetime as dt
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tieraddin
from tieraddin.actions.big import parts
from tieraddin.actions.big.run import grade_parts
from tieraddin.actions.rules import Rules

from .conftest import same_columns, write_groups

DAY = dt.date(2026, 3, 20)
EXAMPLES = sorted((Path(__file__).parents[1] / "grading" / "examples").glob("*.toml"))

cents = st.integers(-50_000, 500_000).map(lambda amount: amount / 100)
amounts = st.lists(st.one_of(cents, st.sampled_from([0.0, 100.0, 100.0, 250.5, None])), max_size=60)
sizes = st.lists(st.integers(0, 25), max_size=5)
cuts = st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True).map(lambda c: sorted(x / 100 for x in c))


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(parts, "BATCH_ROWS", 7)


def part_by_part(frame: pd.DataFrame, sizes: list[int], model: str, **options: object) -> tuple[pd.DataFrame, dict]:
    """The frame graded part by part, and the account of the run."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_groups(Path(folder) / "in.parquet", frame, sizes)
        rules = Rules.of(model, options, as_of=DAY)
        done = grade_parts(path, rules, Path(folder) / "out.parquet")
        return pd.read_parquet(Path(folder) / "out.parquet"), done


@given(amounts, sizes, cuts, st.sampled_from(["in", "out"]))
def test_cumulative_shares(values, sizes, cuts, crossing):
    frame = pd.DataFrame({"value": pd.Series(values, dtype=float)})
    found, done = part_by_part(frame, sizes, "value-abc", cuts=cuts, crossing=crossing)
    wanted = tieraddin.grade(frame, "value-abc", cuts=cuts, crossing=crossing)
    same_columns(found, wanted, ["value", "grade", "class"])
    assert done["rows"] == len(values)
    assert done["counts"] == {grade: list(wanted["grade"]).count(grade) for grade in "ABC"}


@given(amounts, sizes, cuts)
def test_ranks(values, sizes, top_shares):
    frame = pd.DataFrame({"value": pd.Series(values, dtype=float)})
    found, _ = part_by_part(frame, sizes, "rank-abc", top_shares=top_shares)
    same_columns(found, tieraddin.grade(frame, "rank-abc", top_shares=top_shares), ["value", "grade", "class"])


@given(amounts, sizes, st.integers(0, 5))
def test_quantiles(values, sizes, seed):
    rng = np.random.default_rng(seed)
    money = pd.Series(values, dtype=float).abs()
    frame = pd.DataFrame(
        {
            "recency_days": rng.integers(0, 40, len(money)),
            "frequency": rng.integers(0, 9, len(money)),
            "monetary": money,
        }
    )
    found, _ = part_by_part(frame, sizes, "rfm")
    same_columns(found, tieraddin.grade(frame, "rfm", as_of=DAY), ["grade", "class", "score"])


@given(amounts, sizes)
def test_abc_by_the_long_way(values, sizes):
    """Sorted and summed up in whole cents, ties together."""
    found, _ = part_by_part(pd.DataFrame({"value": pd.Series(values, dtype=float)}), sizes, "value-abc")
    whole = [None if value is None else round(value * 100) for value in values]
    total = sum(max(amount or 0, 0) for amount in whole)
    grades = []
    for amount in whole:
        above = sum(other for other in whole if other is not None and other > max(amount or 0, 0))
        grades.append(
            None
            if amount is None or not total
            else "C"
            if amount <= 0
            else "ABC"[(above >= total * 0.8) + (above >= total * 0.95)]
        )
    assert [None if pd.isna(grade) else grade for grade in found["grade"]] == grades


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_model(file):
    """The worked examples of each model, in disorder, so that parts hold some of each."""
    rows = [row for case in tomllib.loads(file.read_text("utf-8"))["cases"] for row in case["rows"]]
    frame = pd.DataFrame(rows * 3)
    model = Rules.of(file.stem).model
    names = [field.name for field in model.fields]
    frame = frame[[name for name in frame.columns if name in names]].sample(frac=1, random_state=3, ignore_index=True)
    for name in frame.columns[frame.dtypes.map(str) == "object"]:
        if len({type(cell) for cell in frame[name].dropna()}) > 1:  # a column of Parquet is of one kind
            frame[name] = [None if pd.isna(cell) else str(cell) for cell in frame[name]]
    found, done = part_by_part(frame, [5, 0, 11, 1], file.stem)
    wanted = tieraddin.grade(frame, file.stem, as_of=DAY)
    same_columns(found, wanted, done["columns"])
    assert {"grade", "class"} <= set(done["columns"])


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series(["1,200.50", "¥300", "", None, "12%", "1.2万", "x"] * 3),
        pd.Series(["10", "20", "30"] * 7, dtype="category"),
        pd.Series([True, False, None] * 7),
        pd.Series([10, 2, None] * 7, dtype="Int64"),
        pd.Series(pd.to_datetime(["2026-01-01", "2026-02-01", None] * 7)),
        pd.Series(np.arange(21), dtype="float32"),
        pd.Series([None] * 21, dtype=object),
    ],
    ids=["texts", "category", "flags", "whole numbers", "days", "float32", "nothing"],
)
def test_columns_of_other_types(cells):
    frame = pd.DataFrame({"value": cells, "customer": range(21)})
    found, _ = part_by_part(frame, [4, 9], "value-abc")
    same_columns(found, tieraddin.grade(frame, "value-abc"), ["customer", "grade", "class"])


def test_words_are_had_where_a_row_stands_alone(tmp_path):
    frame = pd.DataFrame({"loss_ratio": [0.2, 0.5, 0.9, None, 1.4, "none"] * 4}).astype(str)
    path = write_groups(tmp_path / "in.parquet", frame, [5, 9])
    every = ["grade", "score", "reason", "next_step"]
    grade_parts(path, Rules.of("loss-ratio", as_of=DAY), tmp_path / "out.parquet", columns=every)
    wanted = tieraddin.grade(frame, "loss-ratio", as_of=DAY)
    found = pd.read_parquet(tmp_path / "out.parquet")
    same_columns(found, wanted, ["loss_ratio", *every])
    assert found["reason"].str.len().min() > 3


def test_days_and_moves(tmp_path):
    frame = pd.DataFrame(
        {
            "value": [500, 300, 120, 50, 30],
            "last_contact": pd.to_datetime(["2026-03-02", None, "2026-01-01", "2026-03-19", "2026-03-20"]),
        }
    )
    path = write_groups(tmp_path / "in.parquet", frame, [2, 1])
    rules = Rules.of("value-abc", cadence="followup-duty", as_of=DAY)
    columns = ["grade", "next_contact", "overdue_days"]
    grade_parts(path, rules, tmp_path / "out.parquet", columns=columns)
    wanted = tieraddin.grade(frame, "value-abc", cadence="followup-duty", as_of=DAY)
    assert wanted["next_contact"].notna().any()
    same_columns(pd.read_parquet(tmp_path / "out.parquet"), wanted, columns)


def test_own_columns_stay_as_they_are(tmp_path):
    frame = pd.DataFrame({"grade": list("xyz"), "value": [5, 3, 1], "input_grade": [1.5, 2.5, None]})
    path = write_groups(tmp_path / "in.parquet", frame, [1])
    grade_parts(path, Rules.of("value-abc"), tmp_path / "out.parquet")
    found = pd.read_parquet(tmp_path / "out.parquet")
    wanted = tieraddin.grade(frame, "value-abc")
    assert [name for name in wanted if name in found] == list(found)
    pd.testing.assert_frame_equal(
        found[list(frame.rename(columns={"grade": "input_input_grade"}))],
        wanted[["input_input_grade", "value", "input_grade"]],
    )
    types = {field.name: field.type for field in pq.read_schema(path)}
    assert pq.read_schema(tmp_path / "out.parquet").field("value").type == types["value"]
