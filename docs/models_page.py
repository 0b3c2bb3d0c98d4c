"""The page ``models.md``: every shipped model from its own file, with an example that the tests work out by hand."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tieraddin.actions.grade import graded, result_columns
from tieraddin.actions.rules import Rules
from tieraddin.language import LANGUAGES, Language, say
from tieraddin.models.conditions import All, AnyOf, AtLeast, Compare, Condition, Not, Operand
from tieraddin.models.load import CATALOGUE, read_model_file
from tieraddin.models.parts import FieldSpec, Text
from tieraddin.models.schema import Model
from tieraddin.models.steps import (
    Band,
    Bands,
    CumulativeShare,
    Grid,
    Ladder,
    Lookup,
    LowestItem,
    QuantileScores,
    RankShare,
    Scorecard,
    Step,
)
from tieraddin.tables.frame import from_records

EXAMPLES = Path(__file__).parent.parent / "tests" / "grading" / "examples"
SHOWN = 8
"""How many rows of an example are shown."""

INTRO = """# Models · 模型

Every model that is shipped, made from its own file by `python docs/build.py`. `tieraddin models ID` shows one; each
example below is graded as it stands there. [models-format.md](models-format.md) says how a model is written.

全部自带模型，由模型文件生成。`tieraddin models 编号` 可查看其中一个；示例按所示数据定级。模型的写法见
[models-format.md](models-format.md)。

## The 38 systems · 38 个体系

What works for each: as a formula (`=TIER("ID",…)`), in `retier`, in `grade`; and where its model says so the next step,
follow-up dates (`followups`), movement (`review`), who holds a customer (`ownership`), amounts (`amounts`), the mix
(`portfolio`), records (`audit`), and how to treat a grade (playbook). The tests run each claim.

各体系可用之处：公式、`retier`、`grade`；模型有规定的还有跟进、升降级、归属、金额、客户结构、记录检查、升级条件与应对方法。
每一项都有测试实际运行。"""

CLAIMS = {
    "formula": "公式", "retier": "写入工作簿", "grade": "数据定级", "next step": "升级条件", "follow-up": "跟进",
    "movement": "升降级", "ownership": "归属", "amounts": "金额", "portfolio": "客户结构", "audit": "记录检查",
    "playbook": "应对方法",
}  # fmt: skip
"""What a model may do, in both languages."""

RULES: dict[str, tuple[str, str]] = {
    "cumulative_share": (
        "by the running share of {input}, largest first: {cuts}",
        "按{input}从高到低的累计占比：{cuts}",
    ),
    "rank_share": ("by position in {input}: {cuts}", "按{input}的名次：{cuts}"),
    "bands": ("by {input}: {cuts}", "按{input}：{cuts}"),
    "lowest_item": ("the lowest of {items}", "取 {items} 中最低的一项"),
    "aids": ("; told only: {items}", "；只作说明：{items}"),
    "scorecard": ("weighted mean of {items}", "加权平均：{items}"),
    "grid": ("{x} by {y}: {cells}", "{x} × {y}：{cells}"),
    "quantile_scores": ("{items}, each in {groups} groups", "{items}，各分 {groups} 组"),
    "lookup": ("by {input}: {cells}", "按{input}：{cells}"),
    "first": ("the first that holds:", "最先成立者："),
    "otherwise": ("otherwise {grade}", "其余为 {grade}"),
    "no_grade": ("otherwise no grade", "其余不定级"),
    "rest": ("{grade} the rest", "{grade} 其余"),
    "top": ("{grade} the top {share}", "{grade} 前 {share}"),
    "up_to": ("{grade} up to {share}", "{grade} 至 {share}"),
    "any": ("one of ({parts})", "以下之一（{parts}）"),
    "k": ("{k} of ({parts})", "至少 {k} 项（{parts}）"),
    "not": ("not ({parts})", "非（{parts}）"),
    "and": ("; ", "；"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "keeps": ("keeps the grade in {input}", "沿用{input}中的等级"),
    "owner": ("the state of who holds the customer, by the first rule that holds:", "客户归属状态，最先成立者："),
}
"""The rule of each block in words."""


def models_page() -> str:
    """The whole page."""
    models = [
        read_model_file(Path(str(file))).model
        for file in sorted(CATALOGUE.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".toml")
    ]
    lines = [INTRO, "", *_systems_table(models)]
    for model in models:
        lines += ["", *_section(model)]
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------ what works


def claims(model: Model) -> dict[str, bool]:
    """What the page says that a model does."""
    return {
        "formula": True,
        "retier": True,
        "grade": True,
        "next step": model.ordered
        and bool(model.steps)
        and any(not f.fixed and f.kind != "date" for f in _read(model)),
        "follow-up": model.cadence is not None,
        "movement": model.movement is not None,
        "ownership": model.ownership is not None,
        "amounts": bool(model.phases),
        "portfolio": model.portfolio is not None,
        "audit": model.audit is not None,
        "playbook": any(grade.playbook for grade in model.grades),
    }


def _read(model: Model) -> list[FieldSpec]:
    """The fields that the steps read."""
    names = {name for step in model.steps for name in step.inputs()}
    return [field for field in model.fields if field.name in names]


def _systems_table(models: list[Model]) -> Iterator[str]:
    yield "| row · 体系 | model · 模型 | " + " | ".join(f"{en} · {zh}" for en, zh in CLAIMS.items()) + " |"
    yield "|" + "---|" * (len(CLAIMS) + 2)
    rows = [(system, model) for model in models for system in model.systems]
    for system, model in sorted(rows, key=lambda row: (row[0], row[1].id)):
        told = claims(model)
        yield f"| {system} | [{model.id}](#{model.id}) | " + " | ".join("x" if told[c] else "" for c in CLAIMS) + " |"


# ------------------------------------------------------------ a model


def _section(model: Model) -> Iterator[str]:
    yield f"## {model.id}"
    yield f"\n**{model.name.en} · {model.name.zh}** ({', '.join(model.systems)}; {', '.join(model.blocks)})"
    yield f"\n{model.about.en}\n\n{model.about.zh}"
    yield "\nSource · 出处: " + "; ".join(f"document {s.document}, {s.heading}" for s in model.source)
    yield "\n| field · 字段 | kind | unit | | header words · 表头 |\n|---|---|---|---|---|"
    for field in model.fields:
        needed = "needed · 必填" if field.required else ""
        yield f"| `{field.name}` | {field.kind} | {field.unit} | {needed} | {_headers(field)} |"
    if model.options:
        yield "\n| option · 选项 | default | | 说明 |\n|---|---|---|---|"
        for name, option in model.options.items():
            default = "" if option.default is None else option.default
            yield f"| `{name}` | {default} | {option.help.en} | {option.help.zh} |"
    yield "\nRule · 规则:\n"
    for lang in LANGUAGES[::-1]:
        yield from _rules(model, lang)
    yield "\nGrades · 等级:\n"
    for grade in model.grades:
        label = f"{grade.label.en} · {grade.label.zh}"
        yield f"- **{grade.id}** ({label}). {grade.reason.en} {grade.reason.zh}"
        if book := grade.playbook:
            parts: list[tuple[str, Text | None]] = [
                ("Signs · 特征", book.signs),
                ("Handling · 应对", book.handling),
                ("Rights · 权益", book.rights),
            ]
            yield from (f"  - {title}: {text.en} {text.zh}" for title, text in parts if text)
            yield from (f"  - {k}. {step.en} {step.zh}" for k, step in enumerate(book.steps, 1))
    yield from _what_follows(model)
    if model.warnings:
        yield "\nWarnings · 提示:\n"
        yield from (f"- {warning.text.en} {warning.text.zh}" for warning in model.warnings)
    if model.assumed:
        yield "\nAssumed (not in the source) · 假定（出处未写明）:\n"
        yield from (f"- {sentence}" for sentence in model.assumed)
    yield from _example(model)


def _what_follows(model: Model) -> Iterator[str]:
    """Contacts, moves and amounts."""
    if model.cadence:
        yield "\nFollow-up · 跟进:\n"
        for contact in model.cadence.contacts:
            often = f"every {contact.every} days" if contact.times is None else f"{contact.times} a {contact.per}"
            more = [contact.when.replace("_", " ")] if contact.when else []
            more += [f"overdue after {contact.latest} days"] if contact.latest else []
            more += [f"{contact.by.en} · {contact.by.zh}"] if contact.by else []
            yield f"- {contact.grade}: {'; '.join([f'{contact.channel} {often}', *more])}"
        yield from (f"- {review.en} {review.zh}" for review in model.cadence.reviews)
    if model.movement and model.movement.moves:
        yield "\nMovement · 升降级:\n"
        yield from (f"- {move.reason.en} {move.reason.zh}" for move in model.movement.moves)
    if model.phases:
        yield "\nAmounts · 金额:\n"
        yield from (f"- {phase.share:.0%}: {phase.label.en} · {phase.label.zh}" for phase in model.phases)


def _headers(field: FieldSpec) -> str:
    return ", ".join(dict.fromkeys([field.label.en, field.label.zh, *field.aliases[:6]]))


def _example(model: Model) -> Iterator[str]:
    """The first example, as the product grades it; the tests hold it against grades worked out by hand."""
    case = tomllib.loads((EXAMPLES / f"{model.id}.toml").read_text("utf-8"))["cases"][0]
    columns = result_columns(graded_case(model.id, case), "en")
    names = list(dict.fromkeys(name for row in case["rows"][:SHOWN] for name in row))
    options = ", ".join(f"{name}={value}" for name, value in case.get("options", {}).items())
    given = "; ".join(part for part in (options, f"as of {case['as_of']}" if "as_of" in case else "") if part)
    yield f"\nExample · 示例{f' ({given})' if given else ''}:\n"
    yield "| " + " | ".join([*names, "grade", "reason"]) + " |\n|" + "---|" * (len(names) + 2)
    for i, row in enumerate(case["rows"][:SHOWN]):
        cells = [_shown(row.get(name)) for name in names]
        yield "| " + " | ".join([*cells, f"**{columns['grade'][i] or '-'}**", columns["reason"][i]]) + " |"


def graded_case(id: str, case: dict[str, Any]) -> Any:
    """What a model says of the rows of an example."""
    as_of = case.get("as_of")
    rules = Rules.of(id, case.get("options"), as_of=dt.date.fromisoformat(str(as_of)) if as_of else None)
    names = [field.name for field in rules.model.fields]
    return graded(rules, from_records([{name: row.get(name) for name in names} for row in case["rows"]]))


def _shown(value: Any) -> str:
    return "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)


# ------------------------------------------------------------ rules in words


def _rules(model: Model, lang: Language) -> Iterator[str]:
    if model.keeps:
        yield f"- {_say('keeps', lang, input=_name(model, model.keeps, lang))}"
    if model.ownership:
        yield f"- {_say('owner', lang)}"
        yield from (f"  {k}. {rule.state}: {rule.reason[lang]}" for k, rule in enumerate(model.ownership.rules, 1))
    for step in model.step_order():
        head = f"- `{step.id}`: "
        if isinstance(step, Ladder):
            yield head + _say("first", lang)
            for k, rule in enumerate(step.rules, 1):
                yield f"  {k}. **{rule.grade}**: {_condition(model, rule.when, lang)}"
            last = _say("otherwise", lang, grade=f"**{step.otherwise}**") if step.otherwise else _say("no_grade", lang)
            yield f"  {len(step.rules) + 1}. {last}"
        else:
            yield head + _rule(model, step, lang)


def _rule(model: Model, step: Step, lang: Language) -> str:
    match step:
        case CumulativeShare() | RankShare():
            key, ends = ("top", step.top_shares) if isinstance(step, RankShare) else ("up_to", step.cuts)
            cuts = [_say(key, lang, grade=g, share=f"{c:.0%}") for g, c in zip(step.grades, ends, strict=False)]
            cuts.append(_say("rest", lang, grade=step.grades[-1]))
            return _say(step.block, lang, input=_name(model, step.input, lang), cuts=_say("and", lang).join(cuts))
        case Bands():
            cuts = [f"{band.grade} {_band(band, lang)}" for band in step.bands]
            cuts += [f"{grade} {word}" for word, grade in step.words.items()]
            return _say(step.block, lang, input=_name(model, step.input, lang), cuts=_say("and", lang).join(cuts))
        case LowestItem():
            aids = _say("aids", lang, items=_names(model, step.aids, lang)) if step.aids else ""
            return _say(step.block, lang, items=_names(model, step.items, lang)) + aids
        case Scorecard():
            items = [
                f"{_name(model, item.input, lang)} × {item.weight:g}"
                + (
                    f" ({', '.join(f'{word} {points:g}' for word, points in item.points.items())})"
                    if item.points
                    else ""
                )
                for item in step.items
            ]
            return _say(step.block, lang, items=_say("and", lang).join(items))
        case Grid():
            cells = ", ".join(f"{cell.x} × {cell.y} = {cell.grade}" for cell in step.cells)
            return _say(step.block, lang, x=_name(model, step.x, lang), y=_name(model, step.y, lang), cells=cells)
        case QuantileScores():
            return _say(step.block, lang, items=_names(model, step.inputs(), lang), groups=step.groups)
        case Lookup():
            cells = ", ".join(f"{word} = {grade}" if word != grade else word for word, grade in step.table.items())
            return _say(step.block, lang, input=_name(model, step.input, lang), cells=cells)
        case _:
            raise TypeError(step)


def _band(band: Band, lang: Language) -> str:
    tests = ("at_least", "above", "at_most", "below")
    said = [f"{_test(test, lang)} {_number(bound)}" for test in tests if (bound := getattr(band, test)) is not None]
    return _say("and", lang).strip().join(said)


def _condition(model: Model, condition: Condition, lang: Language) -> str:
    match condition:
        case Compare():
            return _compare(model, condition, lang)
        case Not():
            return _say("not", lang, parts=_condition(model, condition.not_, lang))
        case All():
            return _say("and", lang).join(_condition(model, part, lang) for part in condition.all)
        case AnyOf():
            return _say(
                "any", lang, parts=_say("and", lang).join(_condition(model, part, lang) for part in condition.any)
            )
        case AtLeast():
            parts = _say("and", lang).join(_condition(model, part, lang) for part in condition.of)
            return _say("k", lang, k=condition.at_least_k, parts=parts)


def _compare(model: Model, test: Compare, lang: Language) -> str:
    name = next(n for n in ("at_least", "above", "at_most", "below", "is_", "known") if getattr(test, n) is not None)
    value = getattr(test, name)
    if isinstance(value, bool):
        shown = _say("yes" if value else "no", lang)
    elif isinstance(value, Operand):
        shown = _name(model, value.field, lang) + (f" + {_number(value.plus)}" if value.plus else "")
    elif isinstance(value, (int, float)):
        shown = _number(value)
    else:
        shown = ", ".join(
            _word(model, test.field, word, lang) for word in ([value] if isinstance(value, str) else value)
        )
    return f"{_name(model, test.field, lang)} {_test(name.rstrip('_'), lang)} {shown}"


def _word(model: Model, field: str, word: str, lang: Language) -> str:
    spec = next((f for f in model.fields if f.name == field), None)
    choice = (spec.values.get(word) or spec.words.get(word)) if spec else None
    return choice.label[lang] if choice else word


def _name(model: Model, name: str, lang: Language) -> str:
    field = next((field for field in model.fields if field.name == name), None)
    return field.label[lang] if field else f"`{name}`"


def _names(model: Model, names: list[str], lang: Language) -> str:
    return ", ".join(_name(model, name, lang) for name in names)


def _number(number: float) -> str:
    return f"{number:,.10g}"


def _test(test: str, lang: Language) -> str:
    return say(f"models.sheet_test_{test}", lang)


def _say(key: str, lang: Language, **facts: Any) -> str:
    return RULES[key][0 if lang == "en" else 1].format(**facts)
