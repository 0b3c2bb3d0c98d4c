"""What is kept, what gives way, and that errors are not kept."""

from __future__ import annotations

import pytest

from tieraddin.addin.memo import LEAST, Memo


class Maker:
    """Says how often it was asked for each key."""

    def __init__(self, room: int) -> None:
        self.memo = Memo(room)
        self.made: list[str] = []

    def ask(self, key: str, rows: int = LEAST) -> str:
        return self.memo.get(key, rows, lambda: self.made.append(key) or key.upper())


def test_a_result_is_made_once() -> None:
    maker = Maker(10 * LEAST)
    assert [maker.ask(key) for key in "abab"] == ["A", "B", "A", "B"]
    assert maker.made == ["a", "b"]


def test_what_was_used_longest_ago_gives_way() -> None:
    maker = Maker(3 * LEAST)
    for key in "abcadabc":
        maker.ask(key)
    assert maker.made == ["a", "b", "c", "d", "b", "c"]


def test_rows_are_counted_not_results() -> None:
    maker = Maker(10 * LEAST)
    for key, rows in [("a", 5 * LEAST), ("b", 1), ("c", 0), ("d", 3 * LEAST), ("a", 0), ("b", 0), ("c", 0)]:
        maker.ask(key, rows)
    assert maker.made == ["a", "b", "c", "d"]
    maker.ask("e", 6 * LEAST)
    maker.made.clear()
    for key in "ebc":
        maker.ask(key)
    assert maker.made == []
    maker.ask("d", 3 * LEAST)
    assert maker.made == ["d"]


def test_the_last_result_is_kept_even_if_it_is_too_large() -> None:
    maker = Maker(2 * LEAST)
    for _ in range(3):
        maker.ask("large", 100 * LEAST)
    assert maker.made == ["large"]
    for key in ("small", "large"):
        maker.ask(key)
    assert maker.made == ["large", "small", "large"]


def test_an_error_is_not_kept() -> None:
    memo = Memo()
    with pytest.raises(ZeroDivisionError):
        memo.get("x", 1, lambda: 1 // 0)
    assert memo.get("x", 1, lambda: 5) == 5


def test_blanks_and_none_are_results_too() -> None:
    memo, made = Memo(), []
    for _ in range(2):
        assert memo.get("none", 1, lambda: made.append(1)) is None
    assert len(made) == 1
