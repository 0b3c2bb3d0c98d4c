"""Made-up models, as hypothesis draws them: any words, numbers, conditions and grades that a model may hold."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="{}#"), min_size=1, max_size=8
)
"""Without "#": a text such as #N/A is an error on a sheet, which no model holds."""
texts = st.fixed_dictionaries({"zh": words, "en": words})
lists = st.lists(words, max_size=2)
numbers = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9, allow_nan=False))
FIELDS = {"amount": "number", "orders": "count", "agreed": "flag", "mood": "choice", "town": "text"}
MOODS = ["good", "bad", "1", "yes"]


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, Any]:
    field = draw(st.sampled_from(list(FIELDS)))
    match FIELDS[field]:
        case "flag":
            return {"field": field, "is": draw(st.booleans())}
        case "choice":
            word = st.sampled_from(MOODS)
            return {"field": field, "is": draw(st.one_of(word, st.lists(word, min_size=1, max_size=3)))}
        case "text":
            return {"field": field, "is": draw(st.one_of(words, st.lists(words, min_size=1, max_size=3)))}
        case _:
            test = draw(st.sampled_from(["at_least", "above", "at_most", "below"]))
            other = st.fixed_dictionaries({"field": st.sampled_from(["amount", "orders"])}, optional={"plus": numbers})
            return {"field": field, test: draw(st.one_of(numbers, other))}


def grouped(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(part, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        several.map(lambda parts: {"at_least_k": len(parts), "of": parts}),
        part.map(lambda inner: {"not": inner}),
    )


conditions = st.recursive(comparisons(), grouped, max_leaves=5)


BASE = {
    "id": "made-up", "source": [{"document": "tests"}], "common": ["current_grade"],
    "name": {"zh": "试", "en": "Made up"}, "about": {"zh": "试", "en": "Made up"},
}  # fmt: skip
field_extras = st.fixed_dictionaries(
    {"label": texts}, optional={"unit": words, "required": st.booleans(), "aliases": lists, "help": texts}
)
books = st.fixed_dictionaries({"handling": texts}, optional={"signs": texts, "rights": texts})
grade_extras = st.fixed_dictionaries({"label": texts, "reason": texts}, optional={"group": words, "playbook": books})
grade_ids = st.lists(st.one_of(words, st.sampled_from(["1", "A", "2.0", "TRUE"])), min_size=1, max_size=3, unique=True)
options = st.fixed_dictionaries({"kind": st.just("numbers"), "default": st.lists(numbers, max_size=3), "help": texts})
warnings = st.fixed_dictionaries({"id": st.just("w"), "when": conditions, "text": texts})


def findings(ids: list[str]) -> st.SearchStrategy[Any]:
    bounds = st.fixed_dictionaries(
        {"at_least": st.floats(0, 1)}, optional={"grades": st.lists(st.sampled_from(ids)), "of": st.just("value")}
    )
    several = st.lists(bounds, min_size=1, max_size=2)
    return st.fixed_dictionaries({"text": texts}, optional={"mix": several})


@st.composite
def models(draw: st.DrawFn) -> dict[str, Any]:
    fields = [{"name": name, "kind": kind, **draw(field_extras)} for name, kind in FIELDS.items()]
    fields[0]["words"] = {draw(words): {"label": draw(texts)}}
    fields[3]["values"] = {mood: {"label": draw(texts), "aliases": draw(lists)} for mood in MOODS}
    ids = draw(grade_ids)
    rules = [{"grade": id, "when": draw(conditions)} for id in (*ids, ids[0])]
    move = {"from": ids, "to": ids[0], "when": draw(conditions), "reason": draw(texts)}
    return {
        **BASE,
        "fields": fields,
        "grades": [{"id": id, **draw(grade_extras)} for id in ids],
        "steps": [{"block": "ladder", "rules": rules}],
        "movement": {"moves": [move]},
        "warnings": [draw(warnings)],
        "portfolio": {"findings": draw(st.lists(findings(ids), max_size=2)), "tolerance": 0.05},
        "assumed": draw(lists),
        "options": {"level": draw(options)},
    }
