"""A scheduler and two workers on this machine, one of which can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    folder: Path
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port_file = self.folder / "scheduler.json"
        self.scheduler = start("scheduler", "--host", "127.0.0.1", "--port", 0, "--scheduler-file", self.port_file)

    def add_one(self) -> None:
        own = self.folder / f"worker-{time.monotonic_ns()}"
        options = ("--no-nanny", "--nthreads", 1, "--host", "127.0.0.1", "--local-directory", own)
        self.workers.append(start("worker", "--scheduler-file", self.port_file, *options))

    def kill_one(self) -> None:
        end(self.workers.pop())


@dataclass
class Slowly:
    """A function that takes its time, so that tasks are on the way when a worker dies."""

    function: Callable[[Any], Any]

    def __call__(self, item: Any) -> Any:
        time.sleep(0.05)
        result = self.function(item)
        time.sleep(0.05)
        return result


@dataclass
class Deadly:
    """A function that ends its process at an item whose text holds a word."""

    function: Callable[[Any], Any]
    word: str

    def __call__(self, item: Any) -> Any:
        if self.word in str(item):
            os._exit(1)
        return self.function(item)


@pytest.fixture
def _no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a scheduler that is started after this: what took a worker with it is given up."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")


def end(victim: subprocess.Popen[bytes]) -> None:
    """Kill a process, which gets no chance to say goodbye."""
    victim.send_signal(signal.SIGKILL)
    victim.wait(PATIENCE)


def start(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    more = [*map(str, arguments), "--no-dashboard"]
    command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{program}", *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of the test's own, to be killed."""
    with started(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def lasting_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster for all tests of a file that leave it whole."""
    with started(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A cluster of two workers that answer."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    import cloudpickle
    from distributed import Client

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    made = Cluster(folder)
    try:
        deadline = time.monotonic() + PATIENCE
        while not made.port_file.exists():
            assert time.monotonic() < deadline, "the scheduler does not start"
            time.sleep(0.1)
        made.add_one()
        made.add_one()
        with Client(scheduler_file=os.fspath(made.port_file), timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
            made.address = client.scheduler.address
        yield made
    finally:
        for process in (*made.workers, made.scheduler):
            end(process)
