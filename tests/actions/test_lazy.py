"""Columns are made when asked for."""

from __future__ import annotations

from tieraddin.actions.lazy import Lazy


def test_lazy_columns_make_only_what_is_asked_for():
    made = []
    column = Lazy(5, lambda i: made.append(i) or i * 10)
    assert (len(column), column[3], column[1:3], made) == (5, 30, [10, 20], [3, 1, 2])
    assert list(column) == [0, 10, 20, 30, 40]
