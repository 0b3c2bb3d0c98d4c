"""A filled template and the commands that work on it agree; grades that can be worked out by hand are those."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from tests.actions.conftest import Desk, abc
from tests.templates.conftest import ALL, GRADED, KINDS, column, filled, invented, lost, opened, sheet_called
from tieraddin.language import LANGUAGES, Language
from tieraddin.models.load import find_model

each_kind = pytest.mark.parametrize("lang, live", KINDS)


def tiers(book: openpyxl.Workbook, table: str, lang: Language) -> list[Any]:
    cells = column(book, table, "等级" if lang == "zh" else "Tier")
    return [cell or None for cell in cells]


def by_hand(table: str, lang: Language) -> list[str | None]:
    """Grades by a reading of systems.md of its own, as labels in English."""
    rows = invented(table, lang)
    if table == "Customers":
        return abc(rows["value"])
    if table == "DealValue":
        high = zip(rows["short_term"], rows["long_term"], strict=True)
        return [{(True, True): "1", (False, True): "2", (True, False): "3"}.get((s >= 6, t >= 6), "4") for s, t in high]
    items = [rows[key] for key in ("need", "area", "product", "price", "means", "process")]
    closing = ["A" if days <= 7 else "B" if days <= 14 else "C" for days in rows["closing_days"]]
    return [max(row) for row in zip(*items, closing, strict=True)]


@each_kind
@pytest.mark.parametrize("id, table", [
    ("customer-master", "Customers"), ("opportunity-assessment", "DealValue"), ("intent-register", "HomeBuyers"),
])  # fmt: skip
def test_grades_are_those_by_hand(id: str, table: str, lang: Language, live: bool) -> None:
    grades = {grade.id: grade for grade in find_model(str(sheet_called(table).model)).model.grades}
    shown = tiers(opened(filled(id, lang, live), data_only=True), table, lang)
    assert shown == [grade if live else grades[str(grade)].label[lang] for grade in by_hand(table, lang)]


@each_kind
@pytest.mark.parametrize("id, table", GRADED)
def test_retier_finds_the_table_and_gives_the_same(desk: Desk, id: str, table: str, lang: Language, live: bool) -> None:
    source, path, after = sheet_called(table), desk.path(), desk.path("after.xlsx")
    path.write_bytes(filled(id, lang, live))
    keys = source.results()
    cadence = ["--cadence", source.cadence] if source.cadence else []
    done = desk.done(
        "retier", path, "-m", source.model, "--lang", lang, "--columns", ",".join(keys), "-o", after, *cadence
    )
    assert done["sheet"] == source.name[lang]
    assert done["notes"] == []
    assert set(done["mapping"]) >= {field.name for field in source.grading.fields} & set(source.fields())
    book = openpyxl.load_workbook(after, data_only=True)
    before = opened(filled(id, lang, live), data_only=True)
    headers = {c.key: source.header(c, lang) for c in source.columns if c.result}
    stay = {key: header for key, header in headers.items() if not live or (table == "FollowUps" and key == "reason")}
    for header in stay.values():
        assert column(book, table, header) == column(before, table, header)
    assert set(stay.values()) <= set(done["columns"])
    if "grade" in keys and live:  # beside the formulas, by its labels
        labels = {grade.id: grade.label[lang] for grade in source.grading.grades}
        written = column(book, table, f"{headers['grade']} ({source.model})")
        assert written == [labels.get(tier) for tier in tiers(before, table, lang)]
    if not live:
        assert done["moves"] == []
        assert lost(path, after, done["sheet"], "A:A") == [], "even the results are the same cells"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id", ALL)
def test_live_formulas_give_the_values_they_were_saved_with(desk: Desk, id: str, lang: Language) -> None:
    path = desk.path()
    path.write_bytes(filled(id, lang, True))
    done = desk.done("recalc", path, "--lang", lang)
    assert (done["calculated"], done["left"], done["output"]) == (0, [], None)
    assert done["unchanged"] > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_model_finds_the_table_that_was_graded(desk: Desk, lang: Language) -> None:
    path = desk.path()
    path.write_bytes(filled("customer-master", lang, False))
    done = desk.done("retier", path, "-m", "rank-abc", "--lang", lang, "--preview")
    assert done["sheet"] == sheet_called("Customers").name[lang]
    assert done["graded"] == done["rows"] == len(invented("Customers", lang)["value"])
