from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.actions.conftest import Answer, Desk, desk  # noqa: F401 - the fixture

from .cluster_kit import _no_second_try, lasting_workers, two_workers  # noqa: F401 - fixtures


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
def run(desk: Desk) -> Callable[..., Answer]:  # noqa: F811 - the fixture
    """The command line, in English, without a user's own models."""
    return desk.run
