"""Grades, scores, reasons and next steps by any tier model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieraddin.addin.answers import heading
from tieraddin.addin.blocks import Block, Rows
from tieraddin.addin.kinds import Language, ModelName, Options, Range
from tieraddin.addin.registry import udf
from tieraddin.language import Language as Lang
from tieraddin.language import language

if TYPE_CHECKING:
    from tieraddin.addin.population import Told


@udf("tiers")
def tier(
    model: ModelName, data: Range, headers: Range | None = None, options: Options = (), among: Range | None = None
) -> Rows:
    """The grade of each row of ``data``, by its id."""
    return _told("tier", None, lambda p: p.grading.grades.__getitem__, model, data, headers, options, among)


@udf("tiers")
def tier_score(
    model: ModelName,
    data: Range,
    headers: Range | None = None,
    options: Options = (),
    among: Range | None = None,
    lang: Language | None = None,
) -> Rows:
    """The score of each row: running share, rank, weighted score or RFM code, whatever the model has."""
    spoken = lang or language()
    return _told("score", lang, lambda p: p.explain(spoken).score, model, data, headers, options, among)


@udf("tiers")
def tier_why(
    model: ModelName,
    data: Range,
    headers: Range | None = None,
    options: Options = (),
    among: Range | None = None,
    lang: Language | None = None,
) -> Rows:
    """Why each row has its grade, or has none."""
    spoken = lang or language()
    return _told("why", lang, lambda p: p.explain(spoken).reason, model, data, headers, options, among)


@udf("tiers")
def tier_next(
    model: ModelName,
    data: Range,
    headers: Range | None = None,
    options: Options = (),
    among: Range | None = None,
    lang: Language | None = None,
) -> Rows:
    """The smallest change that reaches the next better grade."""
    spoken = lang or language()
    return _told("next", lang, lambda p: p.explain(spoken).next_step, model, data, headers, options, among)


def _told(
    what: str,
    lang: Lang | None,
    told: Told,
    model: str | Block,
    data: Block,
    headers: Block | None,
    options: tuple[tuple[str, str], ...],
    among: Block | None,
) -> Rows:
    from tieraddin.addin.population import answer

    return answer(model, data, headers, options, among, heading(what, lang), told)
