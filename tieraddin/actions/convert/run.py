"""Many files: in processes or one after the other, each told when it is done; what breaks one leaves the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from tieraddin.actions.convert.job import Entry, Job, Outcome
from tieraddin.actions.convert.one import convert_one
from tieraddin.language import say

ALONE = 12
"""So few files are done sooner than processes are started."""
AHEAD = 4
"""Files that wait for each process."""
DIED = "convert.died"


def outcomes(jobs: list[Job], workers: int | None = None) -> Iterator[Outcome]:
    """What becomes of each job, as it is done.

    Parameters
    ----------
    workers
        how many processes (default: as many as there are processors); 1 for none but this one.
    """
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if count <= 1 or (workers is None and len(jobs) <= ALONE):
        yield from map(convert_one, jobs)
        return
    suspects: list[Job] = []
    yield from _together(iter(jobs), count, suspects)
    for job in suspects:  # each in a process of its own: one of them ended the process that it was in
        ended: list[Job] = []
        yield from _together(iter([job]), 1, ended)
        yield from map(died, ended)


def _together(jobs: Iterator[Job], count: int, suspects: list[Job]) -> Iterator[Outcome]:
    """Jobs in ``count`` processes; those that were under way when a process died go to ``suspects``."""
    while True:
        with ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _leave_interrupts) as pool:
            waiting: dict[Future[Outcome], Job] = {}
            try:
                broken = False
                while not broken:
                    for job in islice(jobs, count * AHEAD - len(waiting)):
                        suspects.append(job)  # should it be the one that finds the pool broken
                        waiting[pool.submit(convert_one, job)] = suspects.pop()
                    if not waiting:
                        return
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        job = waiting.pop(future)
                        try:
                            outcome = future.result()
                        except BrokenProcessPool:
                            suspects.append(job)
                            broken = True
                        else:
                            yield outcome
                suspects.extend(waiting.values())
            except BrokenProcessPool:  # found when a job was handed over
                suspects.extend(waiting.values())
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl+C reaches every process: the first one sees to it, the others end the file that they are at."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def died(job: Job) -> Outcome:
    """What becomes of a job that ended the process that worked on it."""
    return Outcome(job, Entry(job.name, error=say(DIED, file=job.source), key=DIED))
