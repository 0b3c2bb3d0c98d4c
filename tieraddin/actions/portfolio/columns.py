"""Columns of the customer table by what a person calls them: amounts, and what divides customers into groups."""

from __future__ import annotations

import numpy as np

from tieraddin.actions.retier import Retier
from tieraddin.errors import UsageError
from tieraddin.grading.portfolio import Labels
from tieraddin.language import language, listed
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.coerce import as_texts, coerce
from tieraddin.tables.headers import header_key
from tieraddin.tables.values import Column, Floats


def amounts_of(plan: Retier, name: str | None) -> tuple[str | None, Floats | None]:
    """The header and the amounts of a field or header; None and None for no name.

    Raises
    ------
    UsageError
        there is no such column, or it holds no amounts.
    """
    if name is None:
        return None, None
    if name in plan.result.readings and name in plan.located.mapping:
        reading = plan.result.readings[name]
        if reading.kind != "number":
            raise UsageError("portfolio.no_amounts", header=plan.located.mapping[name].header)
        return plan.located.mapping[name].header, reading.numbers
    column = cells_under(plan, name)
    amounts = coerce(column, "number", scale=header_key(name)[1]).values
    if np.isnan(amounts).all():
        raise UsageError("portfolio.no_amounts", header=name)
    return name, amounts


def labels_of(plan: Retier, name: str) -> Labels:
    """What divides the customers by a field or header; `UsageError` where there is no such column."""
    spec = next((field for field in plan.result.rules.fields if field.name == name), None)
    if spec is None or name not in plan.located.mapping:
        codes, texts = as_texts(cells_under(plan, name))
        return Labels(name, codes, texts)
    header, reading = plan.located.mapping[name].header, plan.result.readings[name]
    if reading.kind != "code":
        codes, texts = as_texts(cells_under(plan, header))
        return Labels(header, codes, texts)
    codes = np.where(reading.known, reading.values, -1).astype(np.int32)
    return Labels(header, codes, [_word(spec, word) for word in reading.names])


def _word(spec: FieldSpec, word: str) -> str:
    return spec.values[word].label[language()] if word in spec.values else word


def cells_under(plan: Retier, header: str) -> Column:
    """The cells under a header; `UsageError` where there is no such one."""
    located, rows = plan.located, plan.located.found.rows
    number = next((number for number, name in located.headers.items() if name and name == header), None)
    if number is None:
        known = listed(name for name in located.headers.values() if name)
        raise UsageError("actions.unknown_header", header=header, headers=known)
    column = plan.book.read_columns(located.sheet, [number], int(rows[0]), int(rows[-1]))[0]
    return column.take((rows - rows[0]).astype(np.intp))
