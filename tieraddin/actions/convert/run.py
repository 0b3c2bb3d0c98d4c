"""Many files: in processes or one after the other, each told when it is done; what breaks one leaves the others."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import wait

from tieraddin.actions.convert import LIMIT
from tieraddin.actions.convert.crew import GRACE, Worker
from tieraddin.actions.convert.job import Entry, Job, Outcome
from tieraddin.actions.convert.one import convert_one
from tieraddin.language import say

ALONE = 100
"""So few files are done sooner than processes are started,"""
ALONE_BYTES = 4 << 20
"""and together they are so small that none of them can take for ever."""
WIDE = (".xlsb", ".ods")
"""Kinds of files of which a small one may be so wide and long that reading it ends the process."""
DIED, SLOW = "convert.died", "convert.slow"


def outcomes(jobs: list[Job], workers: int | None = None, limit: float = LIMIT) -> Iterator[Outcome]:
    """What becomes of each job, as it is done.

    Parameters
    ----------
    workers
        how many processes (default: as many as there are processors); 1 for none but this one.
    limit
        seconds after which a file is given up, and its process ended; files converted in this process have none: no
        others than few small ones are, unless ``workers`` or a shorter limit says otherwise.
    """
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if workers == 1 or (workers is None and limit >= LIMIT and _are_few(jobs)):
        yield from map(convert_one, jobs)
    else:
        yield from _Run(jobs, limit).outcomes(count)


def _are_few(jobs: list[Job]) -> bool:
    if len(jobs) > ALONE or any(job.source.suffix.lower() in WIDE for job in jobs):
        return False
    with suppress(OSError):  # a file that is not there any more is told when its turn comes
        return sum(job.source.stat().st_size for job in jobs) <= ALONE_BYTES
    return True


class _Run:
    """Jobs in processes.

    Attributes
    ----------
    open
        the jobs that no process has.
    tried
        the files that ended a process once: the second time they have failed.
    """

    def __init__(self, jobs: list[Job], limit: float) -> None:
        self.open, self.limit = deque(jobs), limit
        self.tried: set[str] = set()
        self.crew: dict[object, Worker] = {}

    def outcomes(self, count: int) -> Iterator[Outcome]:
        """What becomes of each job, in ``count`` processes."""
        try:
            for _ in range(count):
                self._start()
            while self.crew:
                for pipe in wait(list(self.crew), self._left()):  # type: ignore[arg-type]
                    yield from self._hear(self.crew[pipe])
                for worker in [worker for worker in self.crew.values() if self._is_late(worker)]:
                    yield from self._give_up(worker)
            for job in self.open:  # no process could be started
                yield died(job) if job.name in self.tried else convert_one(job)
        finally:
            for worker in self.crew.values():
                worker.pipe.close()
            for worker in self.crew.values():
                worker.end(GRACE)

    def _start(self) -> None:
        worker = Worker()
        self.crew[worker.pipe] = worker

    def _end(self, worker: Worker, grace: float = 0.0) -> None:
        del self.crew[worker.pipe]
        worker.end(grace)

    def _left(self) -> float | None:
        """Seconds until a file has taken too long, None where no process has one."""
        starts = [worker.since for worker in self.crew.values() if worker.job]
        return max(0.0, min(starts) + self.limit - time.monotonic()) if starts else None

    def _is_late(self, worker: Worker) -> bool:
        return worker.job is not None and time.monotonic() - worker.since >= self.limit

    def _hear(self, worker: Worker) -> Iterator[Outcome]:
        """What a process has done; it is given the next file first, so that it need not wait."""
        job = worker.job
        try:
            outcome = worker.answer()
        except EOFError:
            yield from self._lose(worker, job)
            return
        if self.open:
            worker.give(self.open.popleft())
        else:
            self._end(worker, GRACE)
        if outcome is not None:
            yield outcome

    def _lose(self, worker: Worker, job: Job | None) -> Iterator[Outcome]:
        """A process has died: another takes its place, unless it was never ready for a file."""
        self._end(worker)
        if job is None:
            return
        if job.name in self.tried:
            yield died(job)
        else:
            self.tried.add(job.name)
            self.open.append(job)
        if self.open:
            self._start()

    def _give_up(self, worker: Worker) -> Iterator[Outcome]:
        """A file takes too long: its process is ended, another takes its place."""
        job = worker.job
        self._end(worker)
        if self.open:
            self._start()
        if job is not None:
            yield _failed(job, SLOW, say(SLOW, file=job.source, seconds=f"{self.limit:g}"))


def died(job: Job) -> Outcome:
    """A file that ended the process that worked on it."""
    return _failed(job, DIED, say(DIED, file=job.source))


def _failed(job: Job, key: str, error: str) -> Outcome:
    return Outcome(job, Entry(job.name, error=error, key=key))
