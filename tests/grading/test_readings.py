"""What a field says of rows: a field without a column says what a column of blank cells would, and why."""

from __future__ import annotations

import numpy as np
import pytest

from tieraddin.grading.readings import Cause, read_field
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import Column

GOOD = {"good": {"label": {"zh": "好", "en": "good"}}}


@pytest.mark.parametrize("words", [{}, GOOD])
@pytest.mark.parametrize(
    "kind, value",
    [
        ("number", np.nan),
        ("share", np.nan),
        ("count", np.nan),
        ("date", NO_DAY),
        ("flag", False),
        ("choice", -1),
        ("text", -1),
    ],
)
def test_a_field_without_a_column_is_blank_in_every_row(kind, value, words):
    data = {"name": "x", "kind": kind, "label": {"zh": "x", "en": "x"}, "values": GOOD if kind == "choice" else {}}
    spec = FieldSpec.model_validate(data | {"words": words if kind in ("number", "share", "count", "date") else {}})
    found, blank = read_field(spec, None, 1.0, 3), read_field(spec, Column.blank(3), 1.0, 3)
    np.testing.assert_array_equal(found.values, np.full(3, value))
    assert found.known.tolist() == [kind == "flag"] * 3
    assert [found.causes[cause] for cause in found.cause] == [Cause("grading.no_column", "x")] * 3
    for name in ("values", "known", "cause", "word"):
        np.testing.assert_array_equal(getattr(found, name), getattr(blank, name), strict=True)
    assert (found.kind, found.names, found.words) == (blank.kind, blank.names, blank.words)
    assert not found.unreadable.any()


def test_a_number_that_is_not_looked_for_reads_as_a_word():
    spec = FieldSpec.model_validate({"name": "x", "kind": "count", "label": {"zh": "x", "en": "x"}, "absent": "no"})
    found = read_field(spec, None, 1.0, 2)
    assert (found.known.tolist(), found.has_word.tolist(), np.isnan(found.numbers).tolist()) == ([True] * 2,) * 3
