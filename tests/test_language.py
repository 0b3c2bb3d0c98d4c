"""How things are listed in each language."""

from __future__ import annotations

import pytest

from tieraddin.language import listed, use_language


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("lang", "names", "most", "said"),
    [
        ("en", ["a", "b", "c"], None, "a, b, c"),
        ("zh", ["甲", "乙", "丙"], None, "甲、乙、丙"),
        ("zh", [3, 5], 2, "3、5"),
        ("en", (n for n in (3, 5, 8)), 2, "3, 5 …"),
        ("en", [], 2, ""),
    ],
)
def test_names_are_listed_as_each_language_does(lang, names, most, said):
    use_language(lang)
    assert listed(names, most) == said
