"""Processes that convert files, one at a time each: what a process has at hand is known when it dies or hangs."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection

from tieraddin.actions.convert.job import Job, Outcome
from tieraddin.actions.convert.one import convert_one

GRACE = 5.0
"""Seconds that a process has to end the file that it is at, when the run ends."""


class Worker:
    """A process of its own that converts files.

    Attributes
    ----------
    job
        the file that it is at.
    since
        when it was given that file, by the clock of `time.monotonic`.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        with _no_interrupt():
            self._process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0

    def give(self, job: Job) -> None:
        """Let it convert a file; a process that has died meanwhile is found when its answer is awaited."""
        self.job, self.since = job, time.monotonic()
        with suppress(OSError):
            self.pipe.send(job)

    def answer(self) -> Outcome | None:
        """What it has done, None when it is only ready for the first file.

        Raises
        ------
        EOFError
            it has died.
        """
        try:
            outcome: Outcome | None = self.pipe.recv()
        except OSError:
            raise EOFError from None
        self.job = None
        return outcome

    def end(self, grace: float = 0.0) -> None:
        """See that it ends: by itself within ``grace`` seconds, else at once."""
        self.pipe.close()
        self._process.join(grace)
        self._process.kill()
        self._process.join()
        self._process.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl+C reaches every process: the first one sees to it, those that are started here do not hear it at all."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetConsoleCtrlHandler(None, True)
        try:
            yield
        finally:
            ctypes.windll.kernel32.SetConsoleCtrlHandler(None, False)
    else:
        resource_tracker.ensure_running()  # its own start would let interrupts through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with _interrupt_later():
                yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupt_later() -> Iterator[None]:
    """Hear of an interrupt at the end: one that is blocked here may reach this process through another thread of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        for number in heard[:1]:
            signal.raise_signal(number)


def _work(pipe: Connection) -> None:
    """Convert file after file, until there is no one left who asks for it."""
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            pipe.send(convert_one(pipe.recv()))
