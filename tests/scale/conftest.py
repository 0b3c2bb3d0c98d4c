from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tieraddin.language import use_language


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


def write_groups(path: Path, frame: pd.DataFrame, sizes: Sequence[int]) -> Path:
    """A Parquet file of row groups of these sizes; what they leave over is the last one."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    begin = 0
    with pq.ParquetWriter(path, table.schema) as writer:
        for size in [*sizes, max(0, len(frame) - sum(sizes))]:
            writer.write_table(table.slice(begin, size))
            begin += size
    return path


def same_columns(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str]) -> None:
    """Row by row the same, None where there is nothing."""
    for name in names:
        left, right = ([None if pd.isna(x) else x for x in frame[name]] for frame in (one, other))
        assert left == right, name


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The command line, in English, without a user's own models."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TIERADDIN_MODELS", os.fspath(tmp_path / "no models"))
    from tieraddin.cli import app

    def command(*arguments: object) -> Answer:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    yield command
    use_language(None)
