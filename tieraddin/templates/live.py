"""What a live workbook holds in place of results: formulas of ours for one row, such as work inside an Excel table."""

from __future__ import annotations

from collections.abc import Mapping

from tieraddin.language import Language
from tieraddin.templates.source import TemplateSheet

FUNCTIONS = {"grade": "TIER", "score": "TIER_SCORE", "reason": "TIER_WHY", "next_step": "TIER_NEXT"}
"""What gives a result in a cell."""


def guards(sheet: TemplateSheet) -> list[str]:
    """The columns of which one is filled in where a row is in use."""
    fields = sheet.fields()
    return [name for name, field in fields.items() if name == "customer" or field.required] or [*fields][:1]


def live_formulas(sheet: TemplateSheet, lang: Language) -> dict[str, str]:
    """For each result its formula, without ``=``; what hangs on the day of the run stays a value, but for dates."""
    from tieraddin.addin.population import goes_by_time

    headers = {column.key: sheet.header(column, lang) for column in sheet.columns}
    daily = sheet.grading is not None and goes_by_time(sheet.grading, sheet.fields().keys())
    found = {key: _told(sheet, key, headers, lang) for key in sheet.results() if key in FUNCTIONS and not daily}
    return found | ({"next_contact": next_contact(sheet, headers)} if "next_contact" in headers else {})


def own_formula(sheet: TemplateSheet, formula: str, lang: Language) -> str:
    """A formula of the template with its keys as cells of the row."""
    cells = {column.key: _cell(sheet, sheet.header(column, lang)) for column in sheet.columns}
    return formula.format_map(cells)


def _told(sheet: TemplateSheet, key: str, headers: Mapping[str, str], lang: Language) -> str:
    """A result for one row among all of its table; in a row not in use nothing, also where the add-in is missing."""
    names = [column.key for column in sheet.columns if column.field is not None]
    area = f"[{escaped(headers[names[0]])}]:[{escaped(headers[names[-1]])}]"
    table = sheet.table
    spoken = "" if key == "grade" else f',"{lang}"'
    formula = (
        f'{FUNCTIONS[key]}("{sheet.model}",{table}[[#This Row],{area}],{table}[[#Headers],{area}],,'
        f"{table}[{area}]{spoken})"
    )
    if key == "next_step":  # often blank, which LibreOffice works out anew: without the add-in that is no error
        formula = f'IFERROR({formula},"")'
    return _unless_blank([_cell(sheet, headers[name]) for name in guards(sheet)], formula)


def next_contact(sheet: TemplateSheet, headers: Mapping[str, str]) -> str:
    """The next follow-up by the grade and the last contact; who was never contacted is due on the first visit."""
    graded = _cell(sheet, headers["grade" if "grade" in headers else "current_grade"])
    rhythm = sheet.rhythm
    event = rhythm.cadence.event or "" if rhythm and rhythm.cadence else ""
    at = f",,,{_cell(sheet, headers[event])}" if event in headers else ""

    def due(since: str) -> str:
        return f'FOLLOWUP_DATE("{rhythm.id if rhythm else ""}",{graded},{since}{at})'

    last = _cell(sheet, headers["last_contact"])
    if "first_visit" not in headers:
        return _unless_blank([last], due(last))
    first = _cell(sheet, headers["first_visit"])
    fresh = _unless_blank([first], f'IF({due(first)}="","",{first})')
    return f'IF({last}="",{fresh},{due(last)})'


def _unless_blank(cells: list[str], formula: str) -> str:
    return f'IF({"&".join(cells)}="","",{formula})'


def _cell(sheet: TemplateSheet, header: str) -> str:
    """The cell of the formula's own row under a header."""
    return f"{sheet.table}[[#This Row],[{escaped(header)}]]"


def escaped(header: str) -> str:
    """A header within a structured reference."""
    return "".join(f"'{sign}" if sign in "'[]#@" else sign for sign in header)
