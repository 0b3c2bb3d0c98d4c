"""The sheet "Tier model" as a form to fill in: lists to choose from, and beside each table what belongs there."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieraddin.actions.output import write_whole
from tieraddin.language import Language, language, messages, say
from tieraddin.models.load import ModelSource
from tieraddin.models.notation import key_path, kinds_at, words_at
from tieraddin.models.sheet import SHEET, sheet_of
from tieraddin.models.sheet_grid import REMARK, TABLES, TESTS, header
from tieraddin.models.sheet_rules import GROUPS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WIDTH = 28
"""Of each column, in characters: tables of several shapes share them, so longer texts are wrapped."""
SPARE = 4
"""Blank rows below each table, to be filled in."""
FLAGS = ["TRUE", "FALSE"]
NAMED_AFTER = {"field": "fields", "grade": "grades", "input": "fields", "to": "grades"}
"""Columns and keys that take what another table's first column holds."""


def write_form(source: ModelSource, target: Path) -> None:
    """Write ``source`` as a workbook with the sheet "Tier model", in the language in use.

    Raises
    ------
    ModelError
        the model has a mistake.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    Form(sheet, language()).fill(sheet_of(source, language()))
    buffer = io.BytesIO()
    book.save(buffer)
    write_whole(target, buffer.getvalue())


class Form:
    """One sheet being made."""

    def __init__(self, sheet: Worksheet, lang: Language) -> None:
        self.sheet = sheet
        self.lang = lang
        self.row = 1
        self.places: dict[str, tuple[int, int]] = {}
        self.helped = messages("model_form")

    def fill(self, cells: list[list[Any]]) -> None:
        """Write the tables of the model sheet ``cells``, with lists and remarks."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties

        for remark in ("model_form.how", "model_form.check"):
            self._write([say(remark, self.lang)], "remark")
        self.row += 1
        tables = [list(lines) for filled, lines in groupby(cells, key=bool) if filled]
        for table, (title, headers, *lines) in zip(TABLES, tables, strict=True):
            self._write(title, "title")
            self._write([*headers, header(REMARK, self.lang)], "header")
            self.places[table] = (self.row, self.row + max(len(lines), 1) + SPARE - 1)
            for k, line in enumerate(lines or [[]]):
                width = len(headers)
                cell = [*line, *[None] * (width - len(line))]
                self._write([*cell, self._remark(table, k, line)], "row")
            self.row = self.places[table][1] + 2
        for table, columns in TABLES.items():
            for column, name in enumerate(columns, 1):
                self._choose(table, column, name)
        for k in range(1, max(map(len, cells)) + 1):
            self.sheet.column_dimensions[get_column_letter(k)].width = WIDTH
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    # ------------------------------------------------------------ cells

    def _write(self, values: Sequence[Any], look: str) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        fonts = {
            "title": Font(bold=True, size=14),
            "header": Font(bold=True),
            "remark": Font(italic=True, color="595959"),
        }
        for j, value in enumerate(values, 1):
            if value is None:
                continue
            cell = self.sheet.cell(self.row, j, value)
            aside = look == "remark" or (look == "row" and j == len(values))
            cell.alignment = Alignment(vertical="top", horizontal="left", wrap_text=look == "row" and not aside)
            cell.font = fonts["remark"] if aside else fonts.get(look, Font())
            if look == "header":
                cell.fill = PatternFill("solid", "DDEBF7")
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with = stays text
        self.row += 1

    def _remark(self, table: str, k: int, line: Sequence[Any]) -> str | None:
        """What stands beside a row: of keys what each is for; else, at the first row, what the table is for."""
        if table not in ("model", "settings"):
            return say(f"model_form.table_{table}", self.lang) if k == 0 else None
        name = next((part for part in reversed(key_path(str(line[0]))) if isinstance(part, str)), "") if line else ""
        return say(f"model_form.key_{name}", self.lang) if f"key_{name}" in self.helped else None

    # ------------------------------------------------------------ lists to choose from

    def _choose(self, table: str, column: int, name: str) -> None:
        """Lists and prompts for one column of a table; the values of settings have a list each."""
        first, last = self.places[table]
        if name == "value" and table in ("model", "settings"):
            for row in range(first, last + 1):
                if key := self.sheet.cell(row, 1).value:
                    self._add(self._setting(str(key)), column, row, row, strict=True)
            return
        plain = name.rpartition("_")[0] if name.endswith(("_zh", "_en")) else name
        told = f"{table}_{plain}"
        said = say(f"model_form.column_{told}", self.lang) if f"column_{told}" in self.helped else ""
        words, strict = next(self._words(table, name), ([], False))
        self._add(words, column, first, last, strict=strict, prompt=said)

    def _words(self, table: str, name: str) -> Iterator[tuple[list[str] | str, bool]]:
        """The list of a column, and whether nothing else may stand there."""
        if table == "conditions" and name == "test":
            yield [say(f"models.sheet_test_{test}", self.lang) for test in TESTS], True
        elif table == "conditions" and name == "nesting":
            yield [say(f"models.sheet_group_{group}", self.lang, k=2) for group in GROUPS], False
        elif name in NAMED_AFTER:
            yield self._range(NAMED_AFTER[name]), table == "values" or name == "grade"
        elif table in ("fields", "options"):
            place = (table, 0, name) if table == "fields" else (table, "name", name)
            if words := words_at(place):
                yield words, True
            elif kinds_at(place) == {"flag"}:
                yield FLAGS, True

    def _setting(self, key: str) -> list[str] | str:
        """The list for the value of a key."""
        path = key_path(key)
        if path[-1] in NAMED_AFTER and path[-1] != "field":
            return self._range(NAMED_AFTER[str(path[-1])]) if path[-1] != "input" else []
        return words_at(path) or (FLAGS if kinds_at(path) == {"flag"} else [])

    def _range(self, table: str) -> str:
        first, last = self.places[table]
        return f"=$A${first}:$A${last}"

    def _add(
        self, words: list[str] | str, column: int, first: int, last: int, *, strict: bool, prompt: str = ""
    ) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        if not words and not prompt:
            return
        title = self.sheet.cell(first - 1, column).value if prompt else None
        formula = words if isinstance(words, str) else f'"{",".join(words)}"'
        rule = DataValidation(type="list" if words else None, formula1=formula if words else None, allow_blank=True)
        rule.showErrorMessage = strict and bool(words)
        rule.showInputMessage = bool(prompt)
        rule.prompt, rule.promptTitle = prompt[:255] or None, str(title)[:32] if title else None
        letter = get_column_letter(column)
        rule.add(f"{letter}{first}:{letter}{last}")
        self.sheet.add_data_validation(rule)
