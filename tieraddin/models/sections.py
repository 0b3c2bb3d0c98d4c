"""The blocks P10-P15 of a model file: what follows from a grade."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from tieraddin.models.conditions import Condition
from tieraddin.models.parts import Name, Part, Share, Text, fault

SECTIONS = {
    "cadence": "P10", "movement": "P11", "ownership": "P12", "phases": "P13", "portfolio": "P14", "audit": "P15",
}  # fmt: skip


READS = {
    "ownership": ("rep", "region", "released_by", "released_on"),
    "phases": ("rep", "stage", "amount", "signed_on", "left_on"),
}  # fmt: skip
"""The fields that a section reads by name, as far as the model has them."""

MonthDay: TypeAlias = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Contact(Part):
    """P10: one duty to be in touch: how often, through which channel, counted from when.

    ``every`` days (or ``times`` a week, month or year), overdue after ``latest`` days (default: ``every``);
    ``when``: only before or after the anchor ``event``, or where none is known; ``after_event``: the first contact
    within so many days after the event; ``by``: who makes it.
    """

    grade: str
    channel: str = "contact"
    every: int | None = Field(None, ge=0)
    times: int | None = Field(None, ge=1)
    per: Literal["week", "month", "year"] | None = None
    latest: int | None = Field(None, ge=0)
    when: Literal["before_event", "after_event", "no_event"] | None = None
    after_event: int | None = Field(None, ge=0)
    by: Text | None = None

    @model_validator(mode="after")
    def _how_often(self) -> Contact:
        if (self.every is None) == (self.times is None) or (self.times is None) != (self.per is None):
            raise fault("how_often")
        return self

    @property
    def interval(self) -> int:
        """Days between two contacts, at least one."""
        times, days = self.rhythm
        return max(1, days // times)

    @property
    def rhythm(self) -> tuple[int, int]:
        """How many contacts in how many days."""
        if self.times is not None and self.per is not None:
            return self.times, {"week": 7, "month": 30, "year": 365}[self.per]
        return 1, max(1, self.every or 0)


class Cadence(Part):
    """P10: when each grade is contacted, on which calendar."""

    contacts: tuple[Contact, ...] = Field(min_length=1)
    event: Name | None = None
    calendar: str = "CN"
    reviews: tuple[Text, ...] = ()


class Move(Part):
    """P11: a grade moves to another when a condition holds.

    It is due ``after_days`` from ``grade_since`` (or the date ``since``), and carried out ``within_days`` from then.
    ``needs_approval``: the move is proposed until ``approved`` is yes.
    """

    from_: list[str] = Field(alias="from", min_length=1)
    to: str
    when: Condition | None = None
    since: Name | None = None
    after_days: int | None = Field(None, ge=0)
    within_days: int | None = Field(None, ge=0)
    needs_approval: bool = False
    reason: Text


class Movement(Part):
    """P11: promotion and demotion. ``applies`` = retier: moves change the grade; propose: they are told beside it.

    Grades are ``recomputed`` at an interval, or looked at in the ``review_window`` (first and last day, MM-DD) of each
    year; a new customer's grade is provisional for ``provisional_days`` from ``customer_since``, then assessed.
    """

    applies: Literal["retier", "propose"] = "retier"
    moves: list[Move] = []
    recomputed: Literal["weekly", "monthly", "yearly"] | None = None
    provisional_days: int | None = Field(None, ge=1)
    review_window: tuple[MonthDay, MonthDay] | None = None


class OwnershipRule(Part):
    """P12: a state of holding a customer; the first rule that holds decides.

    Days are counted from the latest of the dates ``since``, those that are blank left out; a rule of which all dates
    are blank does not hold.
    """

    state: Literal["held", "warned", "released"]
    when: Condition | None = None
    since: list[Name] = []
    at_least_days: int | None = None
    at_most_days: int | None = None
    reason: Text


class Ownership(Part):
    """P12: who holds a customer, and when the customer is released to others."""

    rules: list[OwnershipRule] = Field(min_length=1)
    cap: int | None = Field(None, ge=1)
    reclaim_days: int | None = Field(None, ge=0)


class Phase(Part):
    """P13: the share of an amount that is due from a stage on; ``leaver``: what someone who leaves keeps of it."""

    stage: str
    share: Share
    label: Text
    leaver: bool = False


class Norm(Part):
    """P14: the mix of grades to set against: share of customers and of value."""

    grade: str
    customers: Share | None = None
    value: Share | None = None
    too_many: Text | None = None
    too_few: Text | None = None


class MixTest(Part):
    """P14: a bound on the share of all customers (or of the value) that ``grades`` have together.

    Without ``grades`` the grade with the largest share is looked at.
    """

    grades: list[str] = []
    of: Literal["customers", "value"] = "customers"
    at_least: Share | None = None
    at_most: Share | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> MixTest:
        if self.at_least is None and self.at_most is None:
            raise fault("no_bound")
        return self


class Finding(Part):
    """P14: what a mix says of the team; told where all tests of ``mix`` hold, whatever the mix where there are none."""

    mix: list[MixTest] = []
    text: Text


class Portfolio(Part):
    """P14: the mix of grades against a norm.

    ``by``: fields that make groups, each judged on its own. ``tolerance``: a share further than this from its norm is
    too full or too empty. ``smallest``: fewer customers than this are not judged. ``value``: the field whose amounts
    are the value of customers (default: the main measure, where that is money). ``counted_by``: the field that says
    how many customers a row stands for, in a table of managers.
    """

    norms: list[Norm] = []
    by: list[Name] = []
    findings: list[Finding] = []
    tolerance: Share = 0.1
    smallest: int = Field(10, ge=1)
    value: Name | None = None
    customers_per_manager: int | None = Field(None, ge=1)
    counted_by: Name | None = None


class AuditCheck(Part):
    """P15: a fault of a record, with its charge in CNY.

    ``late`` and ``wrong``: rows for which ``when`` holds. Late is also a row with a date of ``fields`` that is
    ``older_than`` so many days, wrong a cell of ``fields`` that can't be read. The other kinds look at ``fields``, in
    the rows for which ``when`` holds or in all: rows alike in all of them, dates that can't be (with ``in_order`` also
    those before the date of the field before), words that a field does not have, blank cells.
    """

    id: Name
    when: Condition | None = None
    kind: Literal["late", "wrong", "duplicate", "impossible_date", "unknown_code", "missing"] = "wrong"
    fields: list[Name] = []
    older_than: int | None = Field(None, ge=0)
    in_order: bool = False
    charge: float = Field(0, ge=0)
    label: Text

    @model_validator(mode="after")
    def _something_to_look_at(self) -> AuditCheck:
        if (self.when is None or self.kind not in ("late", "wrong")) and not self.fields:
            raise fault("nothing_to_check")
        return self


class Audit(Part):
    """P15: rows that are late or wrong, counted, with the charge for each."""

    checks: list[AuditCheck] = Field(min_length=1)


class Warning_(Part):  # noqa: N801  (Warning is Python's own)
    """A risk that is told beside the grade, whatever the grade; its text may fill in fields and steps in braces."""

    id: Name
    when: Condition
    text: Text

    @field_validator("text")
    @classmethod
    def _plain_placeholders(cls, text: Text) -> Text:
        text.placeholders()
        return text
