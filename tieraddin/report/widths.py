"""How wide the columns of a table can be on a screen without a word being broken."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tieraddin.tables.words import shown_width

LONGEST = 24
"""A word longer than this may be broken."""
FEWEST = 8
"""Chinese is broken anywhere, but not into narrower pieces than this, in characters of which it counts two each."""


def fitted(columns: Sequence[Sequence[str]], room: int, whole: Collection[int], least: Sequence[int]) -> list[int]:
    """The width of each column, header included, so that all are within ``room``; [] where words would be broken.

    Parameters
    ----------
    whole
        the columns of which no cell is wrapped.
    least
        for each column the least width.
    """
    natural = [max([low, *map(shown_width, cells)]) for cells, low in zip(columns, least, strict=True)]
    needed = [natural[k] if k in whole else max([least[k], *map(_unbroken, cells)]) for k, cells in enumerate(columns)]
    left = room - sum(needed)
    if left < 0:
        return []
    widths = list(needed)
    by_need = sorted(range(len(columns)), key=lambda k: natural[k] - needed[k])
    for done, k in enumerate(by_need):
        more = min(natural[k] - needed[k], left // (len(columns) - done))
        widths[k] += more
        left -= more
    return widths


def _unbroken(cell: str) -> int:
    """The width of the longest word."""
    words = (min(len(word), LONGEST) if word.isascii() else min(shown_width(word), FEWEST) for word in cell.split())
    return max(words, default=0)
