"""What a cell could hold that can't be read as its field."""

from __future__ import annotations

from tieraddin.grading.facts import literal
from tieraddin.grading.phrases import Phrases
from tieraddin.language import say
from tieraddin.models.parts import FieldSpec

_SHOWN = 12
"""How many of a field's words are named."""
_BY_KIND = {
    "number": "wrong_number", "share": "wrong_number", "count": "wrong_count", "date": "wrong_date",
    "flag": "wrong_flag",
}  # fmt: skip


def misread(phrases: Phrases, field: FieldSpec) -> tuple[str, str]:
    """The sentence for a cell that can't be read as ``field``, and the words that could stand there."""
    words = phrases.grade_labels if field.name == phrases.grading.model.keeps else field.values or field.words
    if not words:
        return _BY_KIND.get(field.kind, "wrong"), ""
    labels = [phrases.say("a_number")] if field.words else []
    labels += [phrases.word(field.name, word) for word in words]
    more = " …" if len(labels) > _SHOWN else ""
    return "wrong_word", literal(say("language.between", phrases.lang).join(labels[:_SHOWN]) + more)
