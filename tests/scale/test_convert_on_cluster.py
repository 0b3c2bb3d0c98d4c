"""Conversions on a local cluster of two workers: the same files, byte for byte, as without it; faults in a sentence."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.convert.conftest import Office
from tieraddin.actions import cluster
from tieraddin.actions.cluster import map_on
from tieraddin.actions.convert import away
from tieraddin.actions.convert.ledger import NAME

from .cluster_kit import Cluster, Deadly, Slowly, end

pytest.importorskip("distributed", reason="Dask is not installed")

FILES = 16


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lists of branch offices, one of which can't be read."""
    made = Office(tmp_path_factory.mktemp("lists"))
    for k in range(FILES):
        rows = [
            ("Customer No", "Customer", "Sales", "Fax"),
            *((f"K{k}-{i}", f"c{i}", i + 1, "f") for i in range(9 + k)),
        ]
        made.book(f"office {k:02d}/a.xlsx", rows)
    (made.src / "bad.xlsx").write_bytes(b"PK")
    return made.src


@pytest.fixture
def office(lists: Path, tmp_path: Path, english: None) -> Office:
    made = Office(tmp_path)
    shutil.copytree(lists, made.src, dirs_exist_ok=True)
    return made


def hashes(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*.xlsx") if not file.name.startswith("conversion-report"))
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def ledger(folder: Path) -> list[dict[str, Any]]:
    """The lines of what a folder remembers, but for how long each took."""
    lines = [json.loads(line) for line in (folder / NAME).read_bytes().splitlines() if line.strip()]
    for line in lines:
        line["entry"]["seconds"] = 0
    return sorted(lines, key=lambda line: line["source"])


def same(done: Any, other: Any) -> bool:
    for entry in (*done["files"], *other["files"]):
        entry["seconds"] = 0
    return bool(done["files"] == other["files"])


def at_work(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None], after: int = 3) -> list[str]:
    """Let the cluster work slowly, and something happen when some results are there; the names of all results."""
    seen: list[str] = []

    def watched(address: str, function: Any, items: Any, given_up: Any) -> Iterator[Any]:
        for outcome in map_on(address, Slowly(function), items, given_up):
            seen.append(outcome.job.name)
            if len(seen) == after:
                happens()
            yield outcome

    monkeypatch.setattr(away, "map_on", watched)
    return seen


def test_a_worker_killed_on_the_way_changes_nothing(office: Office, two_workers: Cluster, monkeypatch) -> None:
    code, alone = office.run()
    assert code == 4
    kept, remembered = hashes(office.out), ledger(office.out)
    shutil.rmtree(office.out)
    seen = at_work(monkeypatch, two_workers.kill_one)
    code, done = office.run("--cluster", two_workers.address)
    assert code == 4
    assert len(two_workers.workers) == 1, "no worker was killed"
    assert sorted(seen) == sorted(entry["file"] for entry in done["files"]), "each comes once"
    assert same(done, alone)
    assert hashes(office.out) == kept
    assert len(kept) == FILES
    assert ledger(office.out) == remembered
    assert len({line["source"] for line in remembered}) == len(remembered) == FILES
    assert not [*office.out.rglob("*.tmp")]
    again = office.run("--cluster", two_workers.address)[1]
    assert sum(entry["skipped"] for entry in again["files"]) == FILES
    assert hashes(office.out) == kept


def test_a_merge_and_relative_paths(office: Office, lasting_workers: Cluster, monkeypatch) -> None:
    """The workers stand in other folders than the person does."""
    office.run("--merge")
    kept = hashes(office.out)
    shutil.rmtree(office.out)
    monkeypatch.chdir(office.src.parent)
    office.src, office.out = Path("src"), Path("out")
    code, done = office.run("--merge", "--cluster", lasting_workers.address)
    assert code == 4
    assert done["files"][-1]["output"] == os.path.join("out", f"office {FILES - 1:02d}", "a.xlsx")
    found = hashes(office.out)
    del found["merged.xlsx"], kept["merged.xlsx"]  # it names the sources as the person does
    assert found == kept


def test_a_preview_on_a_cluster_writes_nothing(office: Office, lasting_workers: Cluster) -> None:
    code, done = office.run("--preview", "--cluster", lasting_workers.address)
    assert code == 4
    assert sum(entry["rows_out"] for entry in done["files"]) == sum(9 + k for k in range(FILES))
    assert not office.out.exists()


def test_a_scheduler_that_goes_half_way_leaves_what_is_done(office: Office, two_workers: Cluster, monkeypatch) -> None:
    at_work(monkeypatch, lambda: end(two_workers.scheduler), after=5)
    code, told = office.run("--cluster", two_workers.address)
    assert (code, told["key"]) == (3, "scale.scheduler_gone")
    assert "run the same command" in told["error"]
    there = len(ledger(office.out))
    assert 4 <= there < FILES
    for worker in two_workers.workers:
        end(worker)
    code, done = office.run()
    assert code == 4
    assert sum(entry["skipped"] for entry in done["files"]) == there
    assert len(hashes(office.out)) == FILES


@pytest.mark.usefixtures("_no_second_try")
def test_a_file_that_takes_its_workers_with_it_has_failed(office: Office, two_workers: Cluster, monkeypatch) -> None:
    def one_is_deadly(address: str, function: Any, items: Any, given_up: Any) -> Iterator[Any]:
        return map_on(address, Deadly(function, "office 07"), items, given_up)

    two_workers.add_one()  # a file of the worker that dies may be given up with it, and all those are tried alone
    monkeypatch.setattr(away, "map_on", one_is_deadly)
    done = office.run("--cluster", two_workers.address)[1]
    faults = {Path(entry["file"]).parent.name: entry["key"] for entry in done["files"] if entry["error"]}
    assert faults.pop("src")  # bad.xlsx
    assert faults == {"office 07": "convert.died"}
    assert len(hashes(office.out)) == FILES - 1


@pytest.mark.parametrize("lang, said", [("en", "a disk that all share"), ("zh", "共享的磁盘")])
def test_workers_with_disks_of_their_own(office: Office, tmp_path: Path, monkeypatch, lang: str, said: str) -> None:
    """A worker that does not have the files; one that has a folder of that name; one that has other files."""
    elsewhere = tmp_path / "elsewhere"

    def on_own_disk(address: str, function: Any, items: Any, given_up: Any) -> Iterator[Any]:
        del address, given_up
        own = Path(shutil.copytree(office.out, elsewhere / "out"))
        for k, job in enumerate(items):
            gone = replace(job, source=elsewhere / job.source.name)
            strayed = replace(job, output=own / job.output.relative_to(office.out.absolute()))
            other = replace(job, source=other_list)
            yield function((gone, strayed, other)[k % 3])

    monkeypatch.setattr(away, "map_on", on_own_disk)
    monkeypatch.setattr("tieraddin.actions.convert.folder.check_cluster", lambda address: None)
    (office.src / "bad.xlsx").unlink()
    other_list = office.book("a.xlsx", [("Customer", "Sales"), ("Other", 1)]).rename(tmp_path / "other.xlsx")
    code, done = office.run("--cluster", "tcp://somewhere:1", "--lang", lang)
    assert code == 3
    assert {entry["key"] for entry in done["files"]} == {"convert.not_shared"}
    assert all(said in entry["error"] and entry["file"] in entry["error"] for entry in done["files"])
    assert ledger(office.out) == []


def test_another_program_on_the_workers_is_refused(office: Office, monkeypatch) -> None:
    def elsewhere(address: str, function: Any, items: Any, given_up: Any) -> Iterator[Any]:
        del address, given_up
        away._program.cache_clear()
        monkeypatch.setattr(away, "__version__", "another")
        return map(function, items)

    monkeypatch.setattr(away, "map_on", elsewhere)
    monkeypatch.setattr("tieraddin.actions.convert.folder.check_cluster", lambda address: None)
    code, told = office.run("--cluster", "tcp://somewhere:1")
    away._program.cache_clear()
    assert (code, told["key"]) == (3, "convert.other_program")
    assert hashes(office.out) == {}


@pytest.mark.parametrize("lang, said", [("en", "Nobody answers"), ("zh", "没有响应")])
def test_a_wrong_address_is_told_before_anything_is_written(office: Office, monkeypatch, lang: str, said: str) -> None:
    monkeypatch.setattr(cluster, "SECONDS_TO_ANSWER", 1)
    for address in ("tcp://127.0.0.1:1", "no address at all"):
        code, told = office.run("--cluster", address, "--lang", lang)
        assert code == 2
        assert said in told["error"]
        assert address in told["error"]
    assert not office.out.exists()


EACH_ADDRESS = """
import sys
from tieraddin.__main__ import main
given, addresses = sys.argv[1:6], sys.argv[6:]
for address in addresses:
    sys.argv = ["tieraddin", *given, "--cluster", address]
    try:
        main()
    except SystemExit as end:
        print(end.code)
"""


def test_what_is_no_address_is_told_in_one_line(office: Office) -> None:
    """In a process of its own: what the library says at the end of one would be seen, too."""
    addresses = ["nonsense", "ftp://x", "tcp://a:b", "tcp://localhost"]
    given = ["--lang=en", "convert", "customer-master", office.src, f"-o{office.out}", *addresses]
    command = [sys.executable, "-c", EACH_ADDRESS, *map(str, given)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["2"] * len(addresses)
    for line, address in zip(done.stderr.splitlines(), addresses, strict=True):
        assert line.startswith(f"Nobody answers at {address} ")


def test_without_the_library_it_says_what_to_install(office: Office, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, told = office.run("--cluster", "tcp://127.0.0.1:1")
    assert code == 2
    assert "tieraddin[cluster]" in told["error"]
    assert not office.out.exists()


def test_processes_here_or_there(office: Office) -> None:
    code, told = office.run("--cluster", "tcp://127.0.0.1:1", "--workers", 2)
    assert (code, told["key"]) == (2, "convert.workers_and_cluster")


def test_no_cluster_no_library(office: Office) -> None:
    """A conversion here does not load the cluster's library."""
    code = (
        "import sys; from tieraddin.__main__ import main; sys.argv = ['t', *sys.argv[1:]]\n"
        "try: main()\n"
        "finally: print('LOADED' if 'distributed' in sys.modules else 'NOT LOADED')"
    )
    given = ["convert", "customer-master", str(office.src / "office 01"), "-o", str(office.out)]
    done = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, timeout=60, check=False)
    assert "NOT LOADED" in done.stdout
