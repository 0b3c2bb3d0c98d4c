"""Work in a second thread: reading and unpacking go on while what came before is used."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
_DEPTH = 4


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items in the same order, up to four of them made ahead in another thread; errors come in their place."""
    source = iter(items)
    with ThreadPoolExecutor(1) as worker:
        waiting = deque(worker.submit(_next, source) for _ in range(_DEPTH))
        while found := waiting.popleft().result():
            waiting.append(worker.submit(_next, source))
            yield found[0]


def _next(source: Iterator[Item]) -> tuple[Item] | None:
    for item in source:
        return (item,)
    return None
