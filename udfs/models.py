"""Which tier models there are, and how they say to handle a grade."""

from __future__ import annotations

from tieraddin.addin.answers import heading
from tieraddin.addin.blocks import CallError, Rows, ToldError
from tieraddin.addin.kinds import Language, ModelName, Texts
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Matched
from tieraddin.language import language, listed


@udf("tiers")
def tier_models(lang: Language | None = None) -> Rows:
    """Every model with its name, fields (those it can't do without are marked) and grades, under a header."""
    from tieraddin.models.load import all_models

    spoken = lang or language()
    head = [heading(name, lang) for name in ("model", "name", "fields", "grades", "about")]
    rows: Rows = [(*head,)]
    for model in (source.model for source in all_models()):
        fields = ", ".join(f"{field.name}*" if field.required else field.name for field in model.fields)
        rows.append((model.id, model.name[spoken], fields, ", ".join(model.grade_ids), model.about[spoken]))
    return rows


@udf("tiers")
def tier_playbook(model: ModelName, grade: Texts, lang: Language | None = None) -> Rows:
    """How to handle customers of each grade: its signs, their handling and rights; a grade is its id or label."""
    from tieraddin.addin.grades import grade_ids
    from tieraddin.addin.sources import model_of

    spoken = lang or language()
    chosen = model_of(model).model
    texts: dict[str | None, str] = {}
    for each in chosen.grades:
        book = each.playbook
        parts = [book.signs, book.handling, book.rights] if book else []
        texts[each.id] = (" " if spoken == "en" else "").join(part[spoken] for part in parts if part)
    matched = Matched(grade)
    unknown = ToldError.of(CallError("#N/A", "no_such_grade", argument="grade", grades=listed(chosen.grade_ids)))
    return matched.answer(texts.get(id, unknown) for id in grade_ids(chosen, matched, grade))
