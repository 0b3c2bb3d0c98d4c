"""Grades as people write them in cells: by id, or by label in either language."""

from __future__ import annotations

from tieraddin.addin.rows import Field, Matched
from tieraddin.language import LANGUAGES
from tieraddin.models.schema import Model
from tieraddin.tables.words import folded


def grade_ids(model: Model, matched: Matched, grades: Field) -> list[str | None]:
    """The id of the grade in each row, None for one that the model does not have (or that is no text)."""
    ids = {
        folded(word): grade.id
        for grade in reversed(model.grades)
        for word in (*(grade.label[lang] for lang in LANGUAGES), grade.id)
    }
    by_code = [*(ids.get(folded(text)) for text in grades.read.names), None]
    return [by_code[code] for code in matched.of(grades).tolist()]
