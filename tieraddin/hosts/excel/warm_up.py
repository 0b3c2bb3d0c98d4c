"""What most sheets ask for next is loaded once the first answer is given, so that neither waits for the other."""

from __future__ import annotations

from threading import Timer

from udfs import FUNCTIONS

AFTER = 3.0
"""Seconds until it begins: the server's first answer is under way when it is asked for."""


def later() -> None:
    """Load models and calendars in a while, in a thread that ends with the process."""
    timer = Timer(AFTER, _load)
    timer.daemon = True
    timer.start()


def _load() -> None:
    FUNCTIONS["TIER"]("value-abc", 1.0)
    FUNCTIONS["WORKDAY_CN"](46_000.0, 1.0)
