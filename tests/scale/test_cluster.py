"""The same grading on a local cluster of two workers, one of them killed on the way."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tieraddin.actions import cluster
from tieraddin.actions.big import run as big
from tieraddin.actions.cluster import map_on
from tieraddin.errors import TieraddinError

from .cluster_kit import Slowly, end
from .conftest import write_groups

pytest.importorskip("distributed", reason="Dask is not installed")

PARTS = 24
ROWS = 12_000


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """A folder of two files, in all 24 row groups."""
    rng = np.random.default_rng(5)
    sales = np.round(rng.lognormal(5, 2, ROWS), 1)
    sales[::97] = np.nan
    frame = pd.DataFrame({"Customer": np.arange(ROWS), "Sales": sales, "Recency_days": rng.integers(0, 400, ROWS)})
    folder = tmp_path / "in"
    folder.mkdir()
    for k, half in enumerate([frame[: ROWS // 2], frame[ROWS // 2 :]]):
        write_groups(folder / f"{k}.parquet", half, [ROWS // PARTS] * (PARTS // 2 - 1))
    return folder


def test_workers_killed_on_the_way_change_nothing(two_workers, customers, run, tmp_path, monkeypatch):
    """One while it counts, one while it writes; each time another comes in its place."""
    alone = run("grade", customers, "--model", "value-abc", "-o", tmp_path / "alone.parquet", "--json")
    assert alone.code == 0, alone.err
    killing = [1, alone.json["passes"] - 1]
    assert killing[0] < killing[1]
    passes: list[int] = []
    killed: list[int] = []

    def with_a_death(address: str, function: Callable[[Any], Any], items: Any) -> Iterator[Any]:
        this = len(passes)
        passes.append(0)
        for result in map_on(address, Slowly(function) if this in killing else function, items):
            passes[this] += 1
            if this in killing and passes[this] == 2:
                two_workers.kill_one()
                two_workers.add_one()
                killed.append(this)
            yield result

    monkeypatch.setattr(big, "map_on", with_a_death)
    out = tmp_path / "out"
    done = run(
        "grade", customers, "--model", "value-abc", "--cluster", two_workers.address, "-o", f"{out}.parquet", "--json"
    )
    assert done.code == 0, done.err
    assert killed == killing
    assert passes == [PARTS] * alone.json["passes"]
    assert {**done.json, "output": ""} == {**alone.json, "output": ""}

    folder = Path(f"{out}.parquet")
    files = sorted(folder.glob("*.parquet"))
    found = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    pd.testing.assert_frame_equal(found, pd.read_parquet(tmp_path / "alone.parquet"))
    assert found["Customer"].tolist() == list(range(ROWS))

    listed = pd.read_json(folder / "_manifest.json", typ="series")
    assert [part["file"] for part in listed["parts"]] == [file.name for file in files]
    assert sum(part["rows"] for part in listed["parts"]) == listed["rows"] == ROWS
    assert sorted(os.listdir(folder)) == sorted([*(file.name for file in files), "_manifest.json"])
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]
    assert len(pd.read_parquet(folder)) == ROWS, "the folder can't be read as one"


def test_a_fault_of_a_worker_is_told_and_nothing_is_left(lasting_workers, customers, run, tmp_path):
    with (customers / "1.parquet").open("r+b") as file:
        file.seek(200)
        file.write(b"\x00" * 4000)
    before = sorted(os.listdir(tmp_path))
    answer = run(
        "grade", customers, "--model", "value-abc", "--cluster", lasting_workers.address, "-o", tmp_path / "out.parquet"
    )
    assert answer.code == 3
    assert "1.parquet" in answer.err
    assert "Traceback" not in answer.err
    assert sorted(os.listdir(tmp_path)) == before
    assert sorted(map_on(lasting_workers.address, abs, [-3, 2, 0])) == [0, 2, 3], "the cluster is of no more use"


@pytest.mark.usefixtures("_no_second_try")
def test_a_task_that_ends_its_workers_is_given_up(two_workers):
    with pytest.raises(TieraddinError, match=re.escape(two_workers.address)) as refused:
        list(map_on(two_workers.address, os._exit, [1]))
    assert refused.value.key == "scale.workers_lost"
    # the other worker has no more luck with its task, which may have a result all the same
    assert [*map_on(two_workers.address, os._exit, [3], given_up=lambda item: -item)] == [-3]


def test_a_scheduler_that_goes_half_way_is_told(two_workers):
    results = map_on(two_workers.address, Slowly(abs), range(40))
    assert next(results) in range(40)
    end(two_workers.scheduler)
    with pytest.raises(TieraddinError) as refused:
        list(results)
    assert refused.value.key == "scale.scheduler_gone"
    assert two_workers.address in str(refused.value)


def test_a_scheduler_without_workers_is_told(two_workers, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS_WITHOUT_WORKERS", 1)
    two_workers.kill_one()
    two_workers.kill_one()
    with pytest.raises(TieraddinError) as refused:
        list(map_on(two_workers.address, abs, [1]))
    assert refused.value.key == "scale.no_workers"


def test_work_that_takes_long_is_waited_for(lasting_workers, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS_WITHOUT_WORKERS", 0.2)
    assert sorted(map_on(lasting_workers.address, Slowly(Slowly(Slowly(abs))), [-3, 2, 0, 5])) == [0, 2, 3, 5]


def test_workers_that_lack_the_program_are_told(lasting_workers):
    with pytest.raises(TieraddinError) as refused:
        list(map_on(lasting_workers.address, lacking, [1]))
    assert refused.value.key == "scale.worker_unfit"


def lacking(_):
    raise ModuleNotFoundError("No module named 'tieraddin'")


def test_nobody_at_the_address(customers, run, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS_TO_ANSWER", 1)
    for address in ("tcp://127.0.0.1:1", "no address at all", "ftp://x"):
        answer = run("grade", customers, "--model", "value-abc", "--cluster", address, "-o", tmp_path / "out.parquet")
        assert answer.code == 2, address
        assert address in answer.err


def test_without_the_library_it_says_what_to_install(customers, run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    command = (
        "grade",
        customers,
        "--model",
        "value-abc",
        "--cluster",
        "tcp://127.0.0.1:1",
        "-o",
        tmp_path / "o.parquet",
    )
    answer = run(*command)
    assert answer.code == 2
    assert "tieraddin[cluster]" in answer.err
    assert "tieraddin[cluster]" in run(*command, "--lang", "zh").err
