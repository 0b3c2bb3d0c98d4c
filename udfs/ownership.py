"""Who holds a client, and what is due at each stage of a deal."""

from __future__ import annotations

import numpy as np

from tieraddin.addin.blocks import CallError, Rows, ToldError
from tieraddin.addin.kinds import Dates, Flags, ModelName, Numbers, Texts
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Matched
from tieraddin.grading.phases import stage_names
from tieraddin.language import listed
from tieraddin.tables.values import Cell
from tieraddin.tables.words import folded

MODEL = "client-ownership"


@udf("ownership")
def client_status(
    as_of: Dates,
    first_visit: Dates,
    first_callback: Dates,
    last_callback: Dates,
    last_agreement: Dates | None = None,
    asked_by_name: Flags | None = None,
    forgot_or_dissatisfied: Flags | None = None,
) -> Rows:
    """Held, warned or released on the day ``as_of``, by the model ``client-ownership``; a blank date is none so far."""
    from tieraddin.addin.partly import graded_by_day

    given = {
        "first_visit": first_visit,
        "first_callback": first_callback,
        "last_callback": last_callback,
        "last_agreement": last_agreement,
        "asked_by_name": asked_by_name,
        "forgot_or_dissatisfied": forgot_or_dissatisfied,
    }
    fields = {name: field for name, field in given.items() if field is not None}
    matched = Matched(as_of, spare=list(fields.values()))
    columns = {name: matched.column(field) for name, field in fields.items()}
    days = np.where(matched.good, matched.of(as_of), 0)
    return matched.answer(graded_by_day(MODEL, columns, days))


@udf("ownership")
def phased_amount(model: ModelName, stage: Texts, amount: Numbers) -> Rows:
    """What is due of each amount once its stage is reached; a stage is its id or its label."""
    from tieraddin.addin.sources import model_of

    chosen = model_of(model).model
    if not chosen.phases:
        raise CallError("#VALUE!", "no_phases", argument="model", model=chosen.id)
    phases = stage_names(chosen.phases)
    known = listed(phase.stage for phase in chosen.phases if not phase.leaver)
    unknown = ToldError.of(CallError("#N/A", "no_such_stage", argument="stage", stages=known))
    matched = Matched(stage, amount)
    found = [phases.get(folded(name)) for name in stage.read.names] + [None]
    due: list[Cell] = [
        number * phase.share if (phase := found[code]) else unknown
        for code, number in zip(matched.of(stage).tolist(), matched.of(amount).tolist(), strict=True)
    ]
    return matched.answer(due)
