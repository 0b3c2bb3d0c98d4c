"""`tieraddin grade` on Parquet part by part, as it is used; and what it refuses."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tieraddin
from tieraddin.actions import data

from .conftest import same_columns, write_groups

SALES = pd.DataFrame({"customer": ["Ann", "Bob", "Cid", "Dee", "Eve"], "value": [500, 300, 120, 50, 30]})
"""Running shares, by hand: 50, 80, 92, 97 and 100 %."""
OTHER = SALES.rename(columns={"value": "x"})
TIERS = ["A", "A", "B", "B", "C"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    write_groups(path / "a.parquet", SALES[:2], [1])
    write_groups(path / "b.parquet", SALES[2:], [0, 2])
    return path


def state(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_folder_becomes_one_file(folder, run, tmp_path):
    answer = run("grade", folder, "--model", "value-abc", "-o", tmp_path / "out.parquet", "--json")
    assert answer.code == 0, answer.err
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert found["grade"].tolist() == TIERS
    assert found["customer"].tolist() == SALES["customer"].tolist()
    done = answer.json
    assert (done["rows"], done["graded"], done["parts"]) == (5, 5, 4)
    assert done["counts"] == {"A": 2, "B": 2, "C": 1}
    assert done["cutoffs"] == {"grade": [[300.0, 50.0]]}
    assert done["columns"] == ["grade", "class"]


@pytest.mark.parametrize(
    "lang, said", [("en", "value-abc: 5 of 5 rows graded, in 4 parts"), ("zh", "共 5 行，已定级 5 行，分 4 块")]
)
def test_what_it_says(lang, said, folder, run, tmp_path):
    answer = run("grade", folder, "--model", "value-abc", "-o", tmp_path / "out.parquet", "--lang", lang)
    assert answer.code == 0
    assert said in answer.out


def test_a_file_with_more_rows_than_a_sheet_is_graded_in_parts(folder, run, tmp_path, monkeypatch):
    path, out = folder / "b.parquet", tmp_path / "out.parquet"
    assert run("grade", path, "--model", "value-abc", "-o", out).out == ""
    assert "reason" in pd.read_parquet(out)
    monkeypatch.setattr(data, "SHEET_ROWS", 2)
    assert "in 2 parts" in run("grade", path, "--model", "value-abc", "-o", out).out
    assert "reason" not in pd.read_parquet(out)


def test_columns_are_chosen_in_every_format(folder, run, tmp_path):
    for name in ("out.csv", "out.parquet", "out.json"):
        answer = run(
            "grade", folder / "a.parquet", "--model", "value-abc", "--columns", "grade,score", "-o", tmp_path / name
        )
        assert answer.code == 0, answer.err
        read = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}[name.partition(".")[2]]
        assert list(read(tmp_path / name)) == ["customer", "value", "grade", "score"]


def test_rows_alone_need_one_pass(run, tmp_path):
    frame = pd.DataFrame({"loss_ratio": [0.2, 0.5, 0.9, None, 1.4] * 3})
    folder = tmp_path / "in"
    folder.mkdir()
    write_groups(folder / "a.parquet", frame, [4, 4])
    answer = run("grade", folder, "--model", "loss-ratio", "-o", tmp_path / "out.parquet", "--json")
    assert answer.json["passes"] == 1
    same_columns(pd.read_parquet(tmp_path / "out.parquet"), tieraddin.grade(frame, "loss-ratio"), ["grade", "score"])


@pytest.mark.parametrize("frame", [SALES[:0], SALES.assign(value=[None] * 5), SALES.assign(value=[0, -1, 0, -2, 0])])
def test_nothing_to_grade(frame, run, tmp_path):
    (tmp_path / "in").mkdir()
    write_groups(tmp_path / "in" / "a.parquet", frame, [2] if len(frame) else [])
    answer = run("grade", tmp_path / "in", "--model", "value-abc", "-o", tmp_path / "out.parquet", "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["rows"], answer.json["graded"]) == (len(frame), 0)
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert len(found) == len(frame)
    assert list(found) == ["customer", "value", "grade", "class"]


REFUSED = {
    "no parquet in it": (lambda d: [f.unlink() for f in d.iterdir()], [], 3, "no .parquet file"),
    "not there": (shutil.rmtree, [], 3, "in"),
    "other columns": (lambda d: OTHER.to_parquet(d / "c.parquet"), [], 3, "c.parquet has other columns"),
    "other types": (lambda d: SALES.astype(str).to_parquet(d / "c.parquet"), [], 3, "c.parquet has other columns"),
    "half a file": (lambda d: (d / "a.parquet").write_bytes((d / "a.parquet").read_bytes()[:200]), [], 3, "a.parquet"),
    "damaged inside": (lambda d: _spoil(d / "a.parquet"), [], 3, "a.parquet"),
    "keys in folder names": (lambda d: SALES.to_parquet(_made(d / "year=2025") / "c.parquet"), [], 3, "year=2025"),
    "csv wanted": (None, ["--format", "csv"], 2, "needs Parquet"),
    "no such result": (None, ["--columns", "grade,colour"], 2, "colour"),
    "a result that compares all": (None, ["--columns", "grade,reason"], 2, "there are: grade, class"),
    "a running share": (None, ["--columns", "score"], 2, "score of model value-abc"),
    "no column": (None, ["--map", "value=nothing"], 2, "nothing"),
}  # fmt: skip


def _spoil(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[4:60] = b"\xff" * 56
    file.write_bytes(raw)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize("spoil, more, code, said", REFUSED.values(), ids=REFUSED)
def test_refused(spoil, more, code, said, folder, run, tmp_path):
    if spoil:
        spoil(folder)
    out = tmp_path / "out.parquet"
    out.write_bytes(b"what was there")
    before = state(tmp_path)
    answer = run("grade", folder, "--model", "value-abc", "-o", out, *more)
    assert answer.code == code, answer.err
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert state(tmp_path) == before


def test_output_among_the_input_is_refused(folder, run):
    before = state(folder)
    answer = run("grade", folder, "--model", "value-abc", "-o", folder / "out.parquet")
    assert answer.code == 2
    assert "outside" in answer.err
    assert run("grade", folder, "--model", "value-abc").code == 2
    assert state(folder) == before


def test_only_parquet_goes_to_a_cluster(run, tmp_path):
    (tmp_path / "a.csv").write_text("value\n1\n")
    answer = run(
        "grade", tmp_path / "a.csv", "--model", "value-abc", "--cluster", "tcp://x:1", "-o", tmp_path / "o.parquet"
    )
    assert answer.code == 3
    assert "a.csv" in answer.err


PEAK = """
import re, sys
from pathlib import Path
from tieraddin.actions.big.run import grade_parts
from tieraddin.actions.rules import Rules
done = grade_parts(Path(sys.argv[1]), Rules.of("value-abc"), Path(sys.argv[2]))
print(done["graded"], int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
"""What the process itself had at most, in MB (getrusage counts in what its parent had when it was forked)."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux' /proc")
def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Six times the rows: the peak hardly moves, though those rows alone take twice what it may move by."""
    rng = np.random.default_rng(2)
    peaks = {}
    for n in (500_000, 3_000_000):
        names = pd.Series(rng.integers(10**11, 10**12, n)).astype(str)
        frame = pd.DataFrame({"name": names, "value": rng.lognormal(8, 2, n)})
        path = write_groups(tmp_path / f"{n}.parquet", frame, [100_000] * (n // 100_000 - 1))
        in_memory = frame.memory_usage(deep=True).sum() / 2**20
        del frame, names
        command = [sys.executable, "-c", PEAK, os.fspath(path), os.fspath(tmp_path / "out.parquet")]
        graded, peaks[n] = map(int, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
        assert graded == n
        path.unlink()
    assert peaks[3_000_000] - peaks[500_000] < in_memory / 2
