"""What a grading says of each row: its grade, score, reason, next step and handling, as people read them.

Sentences are planned for rows that are alike and made when they are asked for: a million rows build no million texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from tieraddin.grading.evaluate import Grading
from tieraddin.grading.nextstep import NextSteps
from tieraddin.grading.phrases import Phrases
from tieraddin.grading.reason import Note, Reasons
from tieraddin.kernels.arrays import rounded
from tieraddin.language import Language
from tieraddin.models.parts import Playbook
from tieraddin.models.steps import QuantileScores, RankShare

_SHOWN: dict[type, Callable[[float], Any]] = {QuantileScores: lambda code: str(int(code)), RankShare: int}
"""How the score of a step is shown, where it is no plain number."""
DECIMALS = 6
"""To how many a score is rounded."""


class Explainer:
    """Labels, scores, reasons and next steps of one grading, in one language.

    Attributes
    ----------
    labels
        the grades of the model as people read them.
    """

    def __init__(self, grading: Grading, lang: Language) -> None:
        self.grading = grading
        self.phrases = Phrases(grading, lang)
        self.lang = lang
        self._codes: list[int] = grading.codes.tolist()
        self.labels = [grade.label[lang] for grade in grading.model.grades]
        self._labels: list[str | None] = [*self.labels, None]
        self._groups: list[str | None] = [*(grade.group or None for grade in grading.model.grades), None]

    def label(self, i: int) -> str | None:
        """The grade of row ``i`` as people read it, None for none."""
        return self._labels[self._codes[i]]

    def group(self, i: int) -> str | None:
        """The class of the grade, where the model has classes."""
        return self._groups[self._codes[i]]

    @cached_property
    def handling(self) -> Callable[[int], str | None]:
        """How to treat a customer such as that of row ``i``: handling, rights and steps of its grade's playbook."""
        said = [*(self._playbook(grade.playbook) for grade in self.grading.model.grades), None]
        return lambda i: said[self._codes[i]]

    def _playbook(self, book: Playbook | None) -> str | None:
        if book is None:
            return None
        rights = [self.phrases.say("rights", rights=book.rights[self.lang])] if book.rights else []
        steps = [
            self.phrases.say("playbook_step", number=k, step=step[self.lang]) for k, step in enumerate(book.steps, 1)
        ]
        return self.phrases.joined([book.handling[self.lang], *rights, *steps])

    @cached_property
    def scores(self) -> list[float | int | str | None]:
        """The score of each row: a number, or a code such as "543"; None for none."""
        if self.grading.scores is None:
            return [None] * len(self.grading)
        known = (self.grading.codes >= 0) & ~np.isnan(self.grading.scores)
        scores = rounded(self.grading.scores, DECIMALS).tolist()
        show = _SHOWN.get(type(self.grading.model.score_step), float)
        return [show(score) if there else None for score, there in zip(scores, known.tolist(), strict=True)]

    def score(self, i: int) -> float | int | str | None:
        """The score of row ``i``."""
        return self.scores[i]

    @cached_property
    def reason(self) -> Reasons:
        """Why each row has its grade, or why it has none."""
        return self.reason_and([])

    def reason_and(self, notes: Sequence[Note]) -> Reasons:
        """As `reason`, with what else is to be known of some rows."""
        return Reasons(self.grading, self.phrases, self.score, notes)

    @cached_property
    def next_step(self) -> NextSteps:
        """What would give each row a better grade, None where there is nothing to name."""
        return NextSteps(self.grading, self.phrases)
