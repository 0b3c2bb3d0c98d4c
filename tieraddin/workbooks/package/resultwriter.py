"""Cells whose formula stays while its result is written beside it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area, column_letters
from tieraddin.workbooks.package import strings
from tieraddin.workbooks.package.cellwriter import CellWriter
from tieraddin.workbooks.package.styles import Styles
from tieraddin.workbooks.port import ERASE, Written

Formula = Callable[[str], str]


class ResultWriter:
    """Writes results into cells.

    Parameters
    ----------
    writer
        writes values.
    styles
        the cell formats.
    prefix
        the namespace prefix of the sheet's elements.
    dynamic
        what the attribute ``cm`` of a cell says where its formula is a dynamic array.
    """

    def __init__(self, writer: CellWriter, styles: Styles, prefix: str, dynamic: int) -> None:
        self._writer = writer
        self._styles = styles
        self._prefix = prefix
        self._dynamic = dynamic
        self._tag = re.compile(rf"""<{prefix}c\b((?:[^>"']|"[^"]*"|'[^']*')*?)/?>""")
        self._formula = re.compile(rf"""<{prefix}f\b(?:[^>"']|"[^"]*"|'[^']*')*?(?:/>|>.*?</{prefix}f\s*>)""", re.S)

    def text(self, row: int, column: int, value: Written, style: int, old: str, reach: Area | None) -> str:
        """The XML of a cell.

        Parameters
        ----------
        value
            the result; None empties a cell that has no formula.
        style
            its cell format as it is.
        old
            its XML as it is, "" where it is not there.
        reach
            what its formula spills into from now on; None leaves that as it is.
        """
        address = f"{column_letters(column)}{row}"
        found = self._formula.search(old)
        formula = found[0] if found else ""
        if value is ERASE or (value is None and not style and not formula):
            return ""
        tag = self._tag.match(old)
        facts = tag[1] if tag else f' r="{address}"'
        if isinstance(value, dt.date) and self._styles.is_general(style):
            facts = _with(facts, "s", str(self._writer.dated(style, value)))
        elif style and not tag:
            facts += f' s="{style}"'
        kind, body = None, ""
        if value is not None:
            kind, body = self._body(address, value)
        facts = _with(_with(facts, "t", kind), "vm", None)
        if reach is not None:
            facts = _with(facts, "cm", str(self._dynamic))
            formula = self._reaching(formula, reach)
        p = self._prefix
        return f"<{p}c{facts}>{formula}{body}</{p}c>" if formula or body else f"<{p}c{facts}/>"

    def _body(self, address: str, value: object) -> tuple[str | None, str]:
        """What kind of value it is, as the attribute ``t`` says it, and the element that holds it."""
        try:
            if type(value) is str:
                return "str", strings.result(value, self._prefix)
            facts, _, body = self._writer.body(value).partition(">")
        except WorkbookRefused as refusal:
            refusal.facts["cell"] = address
            raise
        return facts[len(' t="') : -1] or None, body.removesuffix(f"</{self._prefix}c>")

    def _reaching(self, formula: str, reach: Area) -> str:
        """The formula element as an array formula of the area."""
        end = formula.index(">")
        end -= formula[end - 1] == "/"
        facts = _with(_with(formula[len(self._prefix) + 2 : end], "t", "array"), "ref", str(reach))
        return f"<{self._prefix}f{facts}{formula[end:]}"


def _with(facts: str, name: str, value: str | None) -> str:
    """The attributes of a tag with one set where it stands, or last; or taken away."""
    new = "" if value is None else f' {name}="{value}"'
    replaced, count = re.subn(rf"""\s{name}\s*=\s*("[^"]*"|'[^']*')""", new, facts) if name in facts else (facts, 0)
    return replaced if count else facts + new
