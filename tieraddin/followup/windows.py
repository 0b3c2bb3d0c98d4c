"""Days that come back: the same day of another month, and a window of days of each year, such as 25 to 30 March.

Days are int64, days since 1970-01-01; the first and the last day of a window are written MM-DD.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.kernels.arrays import Ints
from tieraddin.tables.dates import Days


def add_months(days: Days, months: int) -> Days:
    """The same day so many months later, or the month's last where it has no such day."""
    month = days.view("datetime64[D]").astype("datetime64[M]")
    return _day_of(month + months, days - month.astype("datetime64[D]").astype(np.int64) + 1)


def next_window(window: tuple[str, str], looked: Days) -> tuple[Days, Days]:
    """The first and the last day of the window that opens next after the days ``looked``."""
    opens = _in_year(looked, window[0])
    opens = np.where(looked >= opens, _in_year(looked, window[0], 1), opens)
    closes = _in_year(opens, window[1])
    return opens, np.where(closes < opens, _in_year(opens, window[1], 1), closes)


def window_on(window: tuple[str, str], day: int) -> tuple[int, int]:
    """The first and the last day of the window that is open on ``day``, else of the next."""
    opens, closes = next_window(window, np.array([day - 366, day - 183, day - 1], np.int64))
    at = int(np.argmax(closes >= day))
    return int(opens[at]), int(closes[at])


def _in_year(days: Days, month_day: str, later: int = 0) -> Days:
    """The day MM-DD of the year of ``days``, or of one so many years later."""
    month, day = map(int, month_day.split("-"))
    year = days.view("datetime64[D]").astype("datetime64[Y]") + later
    return _day_of(year.astype("datetime64[M]") + (month - 1), day)


def _day_of(months: NDArray[Any], day: Ints | int) -> Days:
    """The day so numbered of each month, or the month's last where it has no such day."""
    first, after = ((months + k).astype("datetime64[D]").astype(np.int64) for k in (0, 1))
    return np.asarray(np.minimum(first + day, after) - 1)
