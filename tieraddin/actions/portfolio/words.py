"""What a portfolio check says to people, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tieraddin.grading.exposure import people_needed
from tieraddin.grading.portfolio import Cell, Group, Mix, Of
from tieraddin.language import language, say
from tieraddin.models.schema import Model

if TYPE_CHECKING:
    from tieraddin.actions.portfolio.check import PortfolioCheck

SHOWN = 8
"""How many groups a sentence names."""


def sentences_of(check: PortfolioCheck) -> list[str]:
    """The sentences on the whole, on groups that differ from it, on concentration, risks and people."""
    said = [*_whole_said(check), *_groups_said(check)]
    if there := check.concentration:
        held = {"first": there.largest[1], "held": there.top_value, "gini": there.gini}
        said.append(say("portfolio.concentrated", None, customers=there.customers, top=there.top_customers, **held))
    said += [
        say("portfolio.risk", text=risk.warning.text[language()], count=risk.customers, share=risk.share)
        for risk in check.risks
        if risk.customers
    ]
    if check.loads:
        people, limit, needed = len(check.loads), check.loads[0].limit, people_needed(check.loads)
        over = sum(load.over > 0 for load in check.loads)
        said.append(say("portfolio.span", over=over, people=people, limit=limit, needed=needed))
    return said


def _whole_said(check: PortfolioCheck) -> Iterator[str]:
    """How far each grade is from its norm and what that means, what the mix says, or why nothing is to be said."""
    model, mix = check.plan.result.rules.model, check.whole
    cells = [(cell, words) for cell in mix.cells if (words := _cell_said(cell, grade_label(model, cell.grade)))]
    for cell, words in cells:
        meaning = _meaning(model, cell)
        yield say("portfolio.meaning", said=words, meaning=meaning) if meaning else words
    yield from (finding.text[language()] for finding in mix.findings)
    if not mix.judged:
        yield say("portfolio.too_small", customers=mix.customers, smallest=check.smallest)
    elif not (model.portfolio and model.portfolio.norms):
        yield say("portfolio.no_norms", model=model.id)
    elif not cells and not mix.findings:
        yield say("portfolio.healthy", tolerance=check.tolerance)


def _groups_said(check: PortfolioCheck) -> Iterator[str]:
    """What groups say that the whole does not, each text once with the groups it is true of."""
    model = check.plan.result.rules.model
    known = set(_texts(model, check.whole))
    found: dict[str, list[str]] = {}
    for group in check.groups:
        for text in _texts(model, group.mix):
            if text not in known:
                found.setdefault(text, []).append(group_label(group))
    for text, named in found.items():
        groups = say("portfolio.and").join(named[:SHOWN])
        if len(named) > SHOWN:
            groups = say("portfolio.and_more", groups=groups, count=len(named) - SHOWN)
        yield say("portfolio.in_groups", groups=groups, said=text)
    if small := sum(not group.mix.judged for group in check.groups):
        yield say("portfolio.small_groups", count=small, smallest=check.smallest)


def _texts(model: Model, mix: Mix) -> Iterator[str]:
    """What the model has to say of a mix."""
    yield from filter(None, (_meaning(model, cell) for cell in mix.cells))
    yield from (finding.text[language()] for finding in mix.findings)


def _meaning(model: Model, cell: Cell) -> str | None:
    """What it means that there are too many or too few of a grade, and what to do; None where the model is silent."""
    norms = model.portfolio.norms if model.portfolio else []
    norm = next((norm for norm in norms if norm.grade == cell.grade), None)
    text = norm and {"too_many": norm.too_many, "too_few": norm.too_few}.get(cell.of_customers.verdict or "")
    return text[language()] if text else None


def _cell_said(cell: Cell, grade: str) -> str:
    """How far a grade is from its norm, "" where it is near it."""
    words = []
    if (part := cell.of_customers).verdict:
        words.append(say(f"portfolio.{part.verdict}_customers", None, **_facts(part)))
    if (value := cell.of_value) and value.verdict:
        words.append(say(f"portfolio.{value.verdict}_value", None, **_facts(value)))
    return say("portfolio.off_norm", grade=grade, parts=say("portfolio.and").join(words)) if words else ""


def _facts(part: Of) -> dict[str, float]:
    return {"share": part.share, "norm": part.norm or 0.0, "points": abs(part.points)}


def grade_label(model: Model, grade: str) -> str:
    """What a grade is called, in the language in use."""
    return model.grade(grade).label[language()]


def group_label(group: Group) -> str:
    """What a group is called."""
    return " / ".join(name or say("portfolio.blank") for name in group.names)
