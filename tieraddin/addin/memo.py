"""What was worked out for one cell is kept for the others that ask for the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import ParamSpec, TypeVar, cast

from tieraddin.errors import TieraddinError

Value = TypeVar("Value")
Given = ParamSpec("Given")

ROOM = 3_000_000
"""How many rows of populations are kept in all: some hundred megabytes."""
LEAST = 1_000
"""What a result takes up at least, in rows."""


class Memo:
    """Results by their keys, those used last, as many as there is room for (the last one whatever its size).

    Not their number is bounded but their rows: a sheet may ask for a hundred small populations in turns.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, rows: int, make: Callable[[], Value]) -> Value:
        """The result of ``key``, made where it is not kept; ``rows`` says how large it is. Errors are not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("Value", self._kept[key][0])
        value = make()
        with self._lock:
            self._room -= max(rows, LEAST)
            _, before = self._kept.pop(key, (None, 0))
            self._room += before
            self._kept[key] = value, max(rows, LEAST)
            while self._room < 0 and len(self._kept) > 1:
                _, (_, freed) = self._kept.popitem(last=False)
                self._room += freed
        return value


remembered = Memo().get
"""The memory that all functions share; a key begins with what it is for."""


def lasting(most: int) -> Callable[[Callable[Given, Value]], Callable[Given, Value]]:
    """`lru_cache` that keeps faults as well: a name mistyped in 10,000 cells is sought once."""

    def of(make: Callable[Given, Value]) -> Callable[Given, Value]:
        @lru_cache(most)
        def outcome(*given: Given.args, **named: Given.kwargs) -> Value | TieraddinError:
            try:
                return make(*given, **named)
            except TieraddinError as fault:
                return fault

        @wraps(make)
        def answer(*given: Given.args, **named: Given.kwargs) -> Value:
            found = outcome(*given, **named)  # type: ignore[arg-type]  # Block and texts, all hashable
            if isinstance(found, TieraddinError):
                raise found.with_traceback(None)
            return found

        return answer

    return of
