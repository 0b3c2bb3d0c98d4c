"""Cells as a template holds them: what can be read is replaced, what can't stays as it is."""

import datetime as dt

import pytest

from tieraddin.actions.convert.tidy import tidied, too_long, written
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.values import CellError, Column

DAY, EARLY = dt.datetime(2026, 1, 31), dt.datetime(1899, 12, 31)
ERROR = CellError("#N/A")
CHOICES = {"a": {"label": {"zh": "大客户", "en": "Key"}}, "b": {"label": {"zh": "其他", "en": "Other"}}}


@pytest.mark.parametrize(
    "kind, cells, tidy, wrong",
    [
        ("number", [1.0, " 1,200 ", None, " "], [1.0, 1200.0, None, None], []),
        ("number", [1.0, "many", ERROR, "2"], [1.0, "many", ERROR, 2.0], [1, 2]),
        ("share", ["12%", 0.2, 75.0], [0.12, 0.2, 0.75], []),
        ("date", ["2026-01-31", DAY, 20260131.0, None], [DAY, DAY, DAY, None], []),
        ("date", ["soon", EARLY, 7.0, ERROR], ["soon", EARLY, "7", ERROR], [0, 2, 3]),
        ("flag", ["是", False, " ", "perhaps", 1.0], ["yes", "no", None, "perhaps", "yes"], [3]),
        ("choice", ["大客户", "key", "Other", None], ["Key", "Key", "Other", None], []),
        ("choice", ["大客户", "Nobody", 3.0, ERROR], ["Key", "Nobody", 3.0, ERROR], [1, 2, 3]),
        ("text", [" Acme", 1001.0, True, DAY, "", "Acme"], ["Acme", "1001", "TRUE", "2026-01-31", None, "Acme"], []),
        ("text", ["Acme ", ERROR, None], ["Acme", ERROR, None], [1]),
    ],
)
def test_tidied(kind, cells, tidy, wrong):
    label = {"zh": "一", "en": "One"}
    field = FieldSpec(name="one", kind=kind, label=label, values=CHOICES if kind == "choice" else {})
    before = Column.of(cells)
    column, unread = tidied(before, field, 1.0, "en")
    assert column.cells() == tidy
    assert list(map(type, column.cells())) == list(map(type, tidy))
    assert unread.nonzero()[0].tolist() == wrong
    assert before.cells() == cells  # the source is read again for the sheets beside


@pytest.mark.parametrize(
    "text, long, stored",
    [
        ("a" * 32_767, False, "a" * 32_767),
        ("中" * 32_767, False, "中" * 32_767),
        ("😀" * 16_383, False, "😀" * 16_383),
        ("😀" * 16_384, True, None),
        ("a" * 32_768, True, None),
        ("half \ud83d", False, "half ?"),
    ],
)
def test_texts_that_no_cell_holds(text, long, stored):
    column = Column.of(["short", text, None])
    assert too_long(column).tolist() == [False, long, False]
    short, cut, blank = written(column).cells()
    assert (short, blank) == ("short", None)
    if stored is not None:
        assert cut == stored
    else:
        assert text.startswith(cut[:100])
        assert len(cut.encode("utf-16-le")) // 2 <= 32_767 < len(text.encode("utf-16-le")) // 2
