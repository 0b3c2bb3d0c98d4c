"""Excel tables: the table part read, widened, narrowed, a column renamed; all else in it stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tieraddin.errors import WorkbookRefused
from tieraddin.language import listed
from tieraddin.tables.layout import LAST_COLUMN, Area, TableInfo, parse_area
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.markup import Element, Splice
from tieraddin.workbooks.package.rules import check_header
from tieraddin.workbooks.package.strings import decode

_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\0-\x1f]")
_FED = ("queryTable", "xml")


class TablePart:
    """A table part as it is now.

    Parameters
    ----------
    part
        the part's name.
    data
        its bytes (UTF-8).
    """

    def __init__(self, part: str, data: bytes) -> None:
        self.part = part
        self.data = data
        self._root = markup.parse_part(data, part)
        self._columns = self._root.first("tableColumns") or Element("", "", {}, 0, 0)
        facts = self._root.attributes
        self.info = TableInfo(
            name=facts.get("displayName") or facts.get("name", ""),
            area=parse_area(facts["ref"]),
            header_rows=int(facts.get("headerRowCount", 1)),
            totals_rows=int(facts.get("totalsRowCount", 0)),
            columns=[decode(column.attributes.get("name", "")) for column in self._columns.all("tableColumn")],
        )

    @property
    def headers(self) -> Area | None:
        """Where the header cells are; None for a table without them."""
        area = self.info.area
        return area._replace(last_row=area.first_row) if self.info.header_rows else None

    def check_name(self, name: object, position: int | None = None) -> str:
        """The name if a column (at ``position``; a new one when left out) may have it, else a refusal."""
        others = (text for i, text in enumerate(self.info.columns) if i != position)
        return check_header(self.info.name, name, others)

    def renamed(self, position: int, name: str) -> bytes:
        """The part with another name for a column."""
        column = self._columns.all("tableColumn")[position]
        return markup.spliced(self.data, [markup.set_attribute(self.data, column, "name", _encode(name))])

    def extended(self, headers: Sequence[str]) -> bytes:
        """The part with new columns at the right.

        Raises
        ------
        WorkbookRefused
            a header that is no text or is there already, no room on the sheet, a table fed by a query.
        """
        names = [self.check_name(header) for header in headers]
        if len({name.lower() for name in names}) < len(names):
            raise WorkbookRefused("workbooks.header_taken", table=self.info.name, header=listed(names))
        if self._root.attributes.get("tableType") in _FED:
            raise WorkbookRefused("workbooks.table_fed", table=self.info.name)
        area = self.info.area
        if area.last_column + len(names) > LAST_COLUMN:
            raise WorkbookRefused("workbooks.no_room", table=self.info.name, area=str(area))
        tag = markup.prefix(self.data, self._root)
        old = self._columns.all("tableColumn")
        number = max((int(column.attributes.get("id", 0)) for column in old), default=0)
        new = "".join(
            f'<{tag}tableColumn id="{number + i}" name="{markup.escape(_encode(name))}"/>'
            for i, name in enumerate(names, start=1)
        )
        splices = [*self._resized(len(names)), *markup.append_child(self.data, self._columns, new.encode())]
        return markup.spliced(self.data, splices)

    def shrunk(self, count: int) -> bytes:
        """The part without its last ``count`` columns, nor filters and sort orders that go by them."""
        columns = self._columns.all("tableColumn")
        if not 0 < count < len(columns):
            raise WorkbookRefused("workbooks.too_few_columns", table=self.info.name, count=count)
        left = len(columns) - count
        gone = columns[left:]
        auto = self._root.first("autoFilter")
        gone += [f for f in (auto.all("filterColumn") if auto else []) if int(f.attributes.get("colId", 0)) >= left]
        last = self.info.area.first_column + left - 1
        for order in [*self._root.all("sortState"), *(auto.all("sortState") if auto else [])]:
            if any(parse_area(by.attributes["ref"]).last_column > last for by in order.all("sortCondition")):
                gone.append(order)
        splices = [Splice(element.start, element.end, b"") for element in gone]
        return markup.spliced(self.data, [*self._resized(-count), *splices])

    def _resized(self, count: int) -> list[Splice]:
        """The references and the count of columns, for ``count`` columns more."""
        elements = [self._root, self._root.first("autoFilter")]
        splices = [markup.set_attribute(self.data, self._columns, "count", str(len(self.info.columns) + count))]
        for element in elements:
            if element and "ref" in element.attributes:
                area = parse_area(element.attributes["ref"])
                wider = str(area._replace(last_column=area.last_column + count))
                splices.append(markup.set_attribute(self.data, element, "ref", wider))
        return splices


def _encode(name: str) -> str:
    """A column's name as the attribute holds it: line ends too as ``_xHHHH_`` (ECMA-376 part 1, 18.5.1.3)."""
    return _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04x}_", name)
