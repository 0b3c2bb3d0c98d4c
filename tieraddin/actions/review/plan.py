"""A review worked out: what moves, waits, comes due or is late, in words, and what it writes."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tieraddin.actions.columns import Targets, targets_of
from tieraddin.actions.grade import reasons
from tieraddin.actions.retier import Retier
from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.movement import counted_from
from tieraddin.grading.review import Review, window_of
from tieraddin.language import listed, say
from tieraddin.models.sections import Movement
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import Cell, Mask
from tieraddin.workbooks.port import Written

Done = dict[str, Any]


@dataclass(eq=False)
class Reviewed:
    """A review worked out, nothing written yet; ``approver`` is who approved all that waits for it."""

    plan: Retier
    review: Review
    days: int
    approver: str | None = None

    @cached_property
    def movement(self) -> Movement:
        """The model's movement; one without rules where it has none."""
        return self.plan.result.grading.model.movement or Movement.model_validate({})

    def label(self, code: int) -> str | None:
        """The grade ``code`` as people read it."""
        return self.plan.result.grading.model.grades[code].label[self.plan.lang] if code >= 0 else None

    # ------------------------------------------------------------ what is found

    def summary(self) -> Done:
        """What the review comes to, as JSON has it."""
        review, done = self.review, self.plan.summary()
        late = review.moves.late(review.as_of)
        kept = ("model", "sheet", "table", "rows", "left_out", "left_out_said", "mapping")
        return {key: done[key] for key in kept} | {
            "as_of": self.plan.as_of,
            "days": self.days,
            "calendar": self._calendar(),
            "moves": self._found(review.applicable),
            "waiting": self._found(review.today & review.waits),
            "coming": self._found(review.coming(self.days)),
            "reviews": self._reviews(),
            "late": int((review.today & (late > 0)).sum()),
            "not_reviewed": done["ungraded"],
            "notes": [*done["notes"], *self._notes()],
        }

    def _found(self, rows: Mask) -> list[Done]:
        """The changes of ``rows``, the latest first."""
        review, ids = self.review, [*self.plan.result.grading.model.grade_ids, None]
        late = review.moves.late(review.as_of)
        at = sorted(np.flatnonzero(rows).tolist(), key=lambda i: (-late[i], review.moves.due[i], i))
        return [
            {
                "row": self.plan.rows[i],
                "customer": customer,
                "from": ids[review.current[i]],
                "to": ids[review.to[i]],
                "direction": self._direction(i),
                "reason": self.why(i),
                "due": _date(review.moves.due[i]),
                "deadline": _date(review.moves.deadline[i]),
                "days_late": int(late[i]),
                "approval": self._approval(i),
            }
            for i, customer in zip(at, self.plan.customers(at), strict=True)
        ]

    def _direction(self, i: int) -> str:
        if self.review.current[i] < 0:
            return "new"
        if not self.plan.result.grading.model.ordered:
            return "other"
        return "up" if self.review.to[i] < self.review.current[i] else "down"

    def _approval(self, i: int) -> str | None:
        move = int(self.review.move[i])
        if move < 0 or not self.movement.moves[move].needs_approval:
            return None
        return "needed" if self.review.waits[i] else "given"

    @cached_property
    def _reason(self) -> Callable[[int], str]:
        return reasons(self.plan.result, self.plan.explain)

    def why(self, i: int) -> str:
        """Why row ``i`` is to move."""
        move = int(self.review.move[i])
        if move >= 0:
            said = [self.movement.moves[move].reason[self.plan.lang]]
            if self.approver and self.review.unapproved[i]:
                said.append(say("review.approved_by", self.plan.lang, name=self.approver))
            return self._joined(said)
        said = [self._reason(i)]
        if self.review.provisional[i] and self.review.looks.due[i] > self.review.as_of:
            said.append(say("review.provisional", self.plan.lang, date=_date(self.review.looks.due[i])))
        return self._joined(said)

    def _joined(self, said: list[str]) -> str:
        return self.plan.explain.phrases.joined(said)

    def _reviews(self) -> list[Done]:
        """The grades to be looked at, now or soon, though nothing asks for a change: by kind, day and grade."""
        review, ids = self.review, self.plan.result.grading.model.grade_ids
        late = review.looks.late(review.as_of)
        groups: dict[tuple[bool, int, int, int], list[int]] = defaultdict(list)
        unchanged = (review.to_look_at() | review.looks_coming(self.days)) & (review.to < 0)
        for i in np.flatnonzero(unchanged).tolist():
            key = (not review.provisional[i], int(review.looks.due[i]), int(review.looks.deadline[i]))
            groups[(*key, int(review.current[i]))].append(i)
        return [
            {
                "kind": self.movement.recomputed or "yearly" if periodic else "provisional",
                "grade": ids[code],
                "due": _date(due),
                "deadline": _date(deadline),
                "days_late": int(late[at[0]]),
                "count": len(at),
                "rows": [self.plan.rows[i] for i in at],
            }
            for (periodic, due, deadline, code), at in sorted(groups.items())
        ]

    def _calendar(self) -> str | None:
        """When grades are looked at by the model's rules."""
        window = window_of(self.movement, self.review.as_of)
        if window:
            key = "window_open" if window[0] <= self.review.as_of else "window_next"
            return say(f"review.{key}", first=_date(window[0]), last=_date(window[1]))
        return say(f"review.recomputed_{self.movement.recomputed}") if self.movement.recomputed else None

    def _notes(self) -> list[str]:
        """What could not be worked out for want of a date."""
        review, movement, readings = self.review, self.movement, self.plan.result.readings
        notes = []
        graded = review.current >= 0
        dated = movement.recomputed or movement.review_window or movement.provisional_days
        if dated and (count := int((graded & (review.looks.due == NO_DAY)).sum())):
            notes.append(say("review.no_date", count=count))
        for k, move in enumerate(movement.moves):
            unknown = counted_from(move, readings) == NO_DAY
            ids = self.plan.result.grading.model.grade_ids
            concerned = np.isin(review.current, [ids.index(grade) for grade in move.from_])
            if move.after_days is None:
                concerned &= (review.move == k) & (move.within_days is not None)
            if count := int((concerned & unknown).sum()):
                key = "no_deadline" if move.after_days is None else "no_since"
                field = self.plan.result.grading.model.field(move.since or "grade_since").label[self.plan.lang]
                notes.append(say(f"review.{key}", count=count, field=field, grades=listed(move.from_), to=move.to))
        return notes

    # ------------------------------------------------------------ what is written

    def results(self) -> dict[str, Callable[[int], Written]]:
        """What goes into the columns: grades move where they may, all others stay."""
        review, plan, today = self.review, self.plan, self.plan.as_of
        moves = review.applicable.tolist()
        since, reviewed = plan.previous("since"), plan.previous("reviewed")
        looked = (review.to_look_at() | (review.looks.due == NO_DAY)) & (plan.result.grading.codes >= 0)
        looked &= ~(review.today & review.waits)
        return {
            "grade": lambda i: self.label(int((review.to if moves[i] else review.current)[i])),
            "reason": lambda i: self.why(i) if moves[i] else self._why_kept(i),
            "since": lambda i: today if moves[i] else since(i),
            "reviewed": lambda i: today if moves[i] or looked[i] else reviewed(i),
        }

    def _why_kept(self, i: int) -> Cell:
        """Why row ``i`` has the grade that it keeps."""
        said = self._reason(i)
        grade = self.label(int(self.review.current[i]))
        if grade is None:
            return said
        if self.plan.result.grading.codes[i] < 0:
            return self._joined([say("review.not_reviewed", self.plan.lang, grade=grade), said])
        if self.review.to[i] >= 0 and self.review.move[i] < 0:
            until = _date(self.review.moves.due[i])
            return self._joined([say("review.kept_until", self.plan.lang, grade=grade, date=until), said])
        return said

    def targets(self, overwrite: bool) -> Targets:
        """Where the results go; with ``overwrite`` grade and date go into the person's own columns."""
        targets, plan = targets_of(self.plan, overwrite), self.plan
        numbers = list(plan.located.headers)
        for key, field in {"grade": "current_grade", "since": "grade_since"}.items() if overwrite else ():
            mapped = plan.located.mapping.get(field)
            if key not in plan.located.ours and mapped is not None:
                targets[key] = (numbers[mapped.column], plan.located.headers[numbers[mapped.column]])
        return targets

    def moved_counts(self) -> str:
        """The moves with their reasons, for the log."""
        ids = self.plan.result.grading.model.grade_ids
        at = np.flatnonzero(self.review.applicable).tolist()
        triples = Counter((int(self.review.current[i]), int(self.review.to[i]), int(self.review.move[i])) for i in at)
        by_entry = say("review.by_entry", self.plan.lang)
        return "; ".join(
            f"{ids[old] if old >= 0 else '-'} > {ids[new]}: {count} "
            f"({self.movement.moves[move].reason[self.plan.lang] if move >= 0 else by_entry})"
            for (old, new, move), count in triples.most_common()
        )


def _date(day: int) -> dt.date | None:
    return None if day == NO_DAY else EPOCH + dt.timedelta(days=int(day))
