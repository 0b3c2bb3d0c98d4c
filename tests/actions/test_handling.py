"""How to treat each customer, beside its grade."""

from __future__ import annotations

import openpyxl
import pytest

from tieraddin.models.load import find_model

ROWS = [["Customer", "Segment"], ["Ann", "property developer"], ["Bo", "collective household"], ["Cy", "moon base"]]


@pytest.mark.parametrize(("lang", "header", "rights"), [("en", "Handling", "Rights: "), ("zh", "应对方法", "权益：")])
def test_the_column_is_written_where_it_is_asked_for(desk, lang, header, rights):
    book = desk.book([["Customer", "Value"], *([f"C{i}", 100 - i] for i in range(20))])
    plain = desk.done("retier", book, "--model", "customer-pyramid", "-o", desk.path("plain.xlsx"), "--lang", lang)
    assert header not in [c.value for c in openpyxl.load_workbook(plain["output"])["Sheet1"][1]]
    asked = ("--columns", "grade,handling")
    done = desk.done("retier", book, "--model", "customer-pyramid", "-o", desk.path("out.xlsx"), "--lang", lang, *asked)
    sheet = openpyxl.load_workbook(done["output"])["Sheet1"]
    headers = [cell.value for cell in sheet[1]]
    assert headers[2:] == [headers[2], header]
    written = [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)]
    books = [grade.playbook for grade in find_model("customer-pyramid").model.grades]
    assert [written[0], written[1], written[19]] == [book.handling[lang] for book in books if book]
    assert rights not in written[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_records_hold_it_with_rights_and_steps(desk, lang):
    back = desk.done("grade", desk.book(ROWS), "--model", "institutional-segments", "--lang", lang)
    books = {grade.id: grade.playbook for grade in find_model("institutional-segments").model.grades}
    for record, grade in zip(back, ["developer", "collective"], strict=False):
        book = books[grade]
        assert book is not None
        assert record["handling"].startswith(book.handling[lang])
        assert all(f"{k}. {step[lang]}" in record["handling"] for k, step in enumerate(book.steps, 1))
    assert back[2]["handling"] is None
    (first, *_) = desk.done("grade", "-", "--model", "annual-composite", "--lang", lang, stdin=BEST)
    assert {"en": "Rights: ", "zh": "权益："}[lang] in first["handling"]
    kept = desk.done("grade", "-", "--model", "client-ownership", stdin='[{"first_visit": "2026-01-01"}]')
    assert "handling" not in kept[0]


BEST = '[{"annual_sales": 9000000, "price_level": 1, "collection_rate": 1}]'
