"""Cells to be written that are made one by one: a column of a million rows is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Lazy(Sequence[T]):
    """A column whose entries are made when they are asked for."""

    def __init__(self, n: int, make: Callable[[int], T]) -> None:
        self.n = n
        self.make = make

    def __len__(self) -> int:
        return self.n

    @overload
    def __getitem__(self, i: int) -> T: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[T]: ...
    def __getitem__(self, i: int | slice) -> T | Sequence[T]:
        if isinstance(i, slice):
            return [self.make(k) for k in range(*i.indices(self.n))]
        return self.make(i)

    def __iter__(self) -> Iterator[T]:
        return map(self.make, range(self.n))
