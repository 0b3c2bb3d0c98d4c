"""Recency, frequency and money."""

from __future__ import annotations

import numpy as np

from tieraddin.addin.answers import in_range
from tieraddin.addin.blocks import CallError, Rows, ToldError
from tieraddin.addin.kinds import Count, Language, Numbers, Texts
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Matched
from tieraddin.kernels.quantiles import quantile_scores
from tieraddin.language import language

MOST_GROUPS = 9
"""Each score is one digit of the code."""


@udf("rfm")
def rfm_score(recency: Numbers, frequency: Numbers, monetary: Numbers, groups: Count = 5) -> Rows:
    """The code of each customer, such as 543; one with a blank measure has none."""
    if groups > MOST_GROUPS:
        raise CallError("#NUM!", "range_groups", argument="groups")
    matched = Matched(recency, frequency, monetary)
    codes = np.zeros(len(matched), np.int64)
    with in_range("groups"):
        for field in (recency, frequency, monetary):
            scores = quantile_scores(matched.of(field), groups, descending=field is recency)
            codes = codes * 10 + scores
    return matched.answer(map(str, codes.tolist()))


@udf("rfm")
def rfm_segment(score: Texts, lang: Language | None = None) -> Rows:
    """The segment of each code, by the table of the model ``rfm``; a code is three digits from 1 to 5."""
    from tieraddin.addin.partly import segments

    matched = Matched(score)
    wrong = ToldError.of(CallError("#NUM!", "rfm_code", argument="score"))
    names = [wrong if name is None else name for name in segments(score.read.names, lang or language())]
    return matched.answer([*names, ""][code] for code in matched.of(score).tolist())
