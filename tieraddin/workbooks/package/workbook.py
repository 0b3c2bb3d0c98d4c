"""A workbook on disk (.xlsx, .xlsm), edited without loss."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area, KindGrid, TableInfo, common, parse_area
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.package import references, rules, saving
from tieraddin.workbooks.package.book import Book
from tieraddin.workbooks.package.cellwriter import CellWriter
from tieraddin.workbooks.package.formulacells import formula_cells
from tieraddin.workbooks.package.patch import Patch
from tieraddin.workbooks.package.sheet import Sheet
from tieraddin.workbooks.package.styles import EMPTY, Styles
from tieraddin.workbooks.package.tables import TablePart
from tieraddin.workbooks.port import KEEP, BookLink, Chart, DefinedName, FormulaCell, Look, SheetState, Written
from tieraddin.workbooks.written import as_columns, height_of


class PackageWorkbook:
    """An open workbook file; see `tieraddin.workbooks.port.Workbook` for what the methods do.

    Only the parts that an edit touches are rewritten; everything else is copied byte for byte when saved.

    Parameters
    ----------
    path
        the file.

    Raises
    ------
    WorkbookRefused
        a file that is no workbook, damaged, encrypted, signed, or of a kind that can't be edited.
    """

    def __init__(self, path: str | PathLike[str], *, to_read: bool = False) -> None:
        self.path = Path(path)
        self._book = Book(self.path, to_read=to_read)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was not saved is gone."""
        self._book.close()

    # What is there

    @property
    def sheet_names(self) -> list[str]:
        """The worksheets' names, hidden ones too."""
        return list(self._book.sheets)

    def sheet_state(self, sheet: str) -> SheetState:
        """Whether users see the sheet."""
        return self._sheet(sheet).state

    def protected(self, sheet: str) -> bool:
        """Whether the sheet is protected."""
        return self._sheet(sheet).survey.protected

    def used_range(self, sheet: str) -> Area | None:
        """The area of all cells, merged ranges and tables."""
        return self._sheet(sheet).extent([table.area for table in self.tables(sheet)])

    def read(self, sheet: str, area: str) -> list[list[Cell]]:
        """The values in an area."""
        try:
            return list(self._sheet(sheet).read(parse_area(area)))
        except ValueError:
            raise WorkbookRefused("workbooks.no_area", sheet=sheet, area=area) from None

    def kinds(self, sheet: str) -> KindGrid:
        """What each cell holds."""
        return self._sheet(sheet).kinds()

    def read_columns(self, sheet: str, columns: Sequence[int], first_row: int, last_row: int) -> list[Column]:
        """Whole columns."""
        rules.check_columns(sheet, columns, first_row, last_row)
        return self._sheet(sheet).read_columns(columns, first_row, last_row)

    def tables(self, sheet: str) -> list[TableInfo]:
        """The sheet's Excel tables."""
        return [table.info for table in self._tables(sheet)]

    def merged(self, sheet: str) -> list[Area]:
        """The sheet's merged ranges."""
        return list(self._sheet(sheet).survey.merged)

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904."""
        return self._book.date1904

    def formulas(self, sheet: str) -> Iterator[FormulaCell]:
        """The sheet's formulas as they are in the file."""
        there = self._sheet(sheet)
        if not there.survey.formulas.size:
            return iter(())
        return formula_cells(there.stream(), self._book.dynamic_marks())

    def names(self) -> list[DefinedName]:
        """The defined names."""
        return references.defined_names(self._book.parts, self._book.part)

    def links(self) -> list[BookLink]:
        """The other workbooks and add-ins that formulas refer to."""
        return references.book_links(self._book.parts, self._book.part)

    def _sheet(self, name: str) -> Sheet:
        if name not in self._book.sheets:
            raise WorkbookRefused("workbooks.no_sheet", file=self.path.name, sheet=name)
        return self._book.sheets[name]

    def _tables(self, sheet: str) -> list[TablePart]:
        parts = self._book.parts
        return [TablePart(part, parts.read(part)) for part in parts.related(self._sheet(sheet).part, "table")]

    def _table(self, sheet: str, name: str) -> TablePart:
        for table in self._tables(sheet):
            if table.info.name.lower() == name.lower():
                return table
        raise WorkbookRefused("workbooks.no_table", sheet=sheet, table=name)

    # What is written

    def write(self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]]) -> None:
        """Write values."""
        columns = as_columns(rows)
        writer = CellWriter("", Styles(EMPTY.format("").encode(), ""), self._book.date1904)  # only to check
        for number, cells in enumerate(columns, start=column):
            spots, no = range(row, row + len(cells)), [False] * len(cells)
            writer.texts(number, spots, cells, no, no, no)
        self.write_columns(sheet, row, column, columns)

    def write_columns(
        self,
        sheet: str,
        first_row: int,
        first_column: int,
        columns: Sequence[Sequence[Written]],
        like: int | None = None,
        number_formats: Sequence[str | None] | None = None,
    ) -> None:
        """Write whole columns side by side; values are checked and taken while saving."""
        height = height_of(sheet, columns, number_formats)
        if not height:
            return
        target = self._sheet(sheet)
        area = rules.check_place(target, first_row, first_column, height, len(columns))
        patch = Patch(area, columns, like, number_formats)
        rules.check_ranges(sheet, target.survey.merged, target.survey.ranges, patch)
        self._rename_headers(sheet, patch)
        target.patches.append(patch)

    def write_results(
        self, sheet: str, row: int, column: int, rows: Sequence[Sequence[Written]], reach: Area | None = None
    ) -> None:
        """Write what formulas give."""
        target = self._sheet(sheet)
        width = len(rows[0])
        area = rules.check_bounds(sheet, row, column, len(rows), width)
        columns = [[line[k] for line in rows] for k in range(width)]
        target.patches.append(Patch(area, columns, results=True, reach=reach))

    def _rename_headers(self, sheet: str, patch: Patch) -> None:
        """Give table columns the names that ``patch`` writes over their header cells."""
        changes: dict[str, bytes] = {}
        for table in self._tables(sheet):
            here = common(table.headers, patch.area) if table.headers else None
            for column in range(here.first_column, here.last_column + 1) if here else ():
                value = patch.value(here.first_row, column)  # type: ignore[union-attr]
                position = column - table.info.area.first_column
                if value is not KEEP:
                    name = table.check_name(value, position)
                    table = TablePart(table.part, table.renamed(position, name))  # noqa: PLW2901
                    changes[table.part] = table.data
        for part, data in changes.items():
            self._book.parts.change(part, data)

    def extend_table(self, sheet: str, table: str, headers: Sequence[str]) -> None:
        """Add columns at the right of an Excel table."""
        target, old = self._sheet(sheet), self._table(sheet, table)
        area = old.info.area
        data = old.extended(headers)
        new = rules.check_place(
            target, area.first_row, area.last_column + 1, area.last_row - area.first_row + 1, len(headers)
        )
        self._check_free(sheet, new)
        self._book.parts.change(old.part, data)
        if old.headers:
            first = [[header] for header in headers]
            row = area.first_row
            patch = Patch(new._replace(last_row=row), first, area.last_column)
            target.patches.append(patch)

    def _check_free(self, sheet: str, area: Area) -> None:
        target = self._sheet(sheet)
        others = [*target.survey.merged, *(table.area for table in self.tables(sheet)), *target.survey.ranges]
        taken = next((str(other) for other in others if common(other, area)), None)
        used = target.extent([])
        here = common(used, area) if used else None
        if here and (
            any(value not in (None, "") for line in target.read(here) for value in line)
            or any(common(cell.area, here) for cell in self.formulas(sheet))  # one may show nothing
        ):
            taken = str(here)
        if taken:
            raise WorkbookRefused("workbooks.occupied", sheet=sheet, area=str(area), taken=taken)

    def shrink_table(self, sheet: str, table: str, count: int) -> None:
        """Take the last columns out of an Excel table; their cells stay."""
        rules.check_place(self._sheet(sheet), 1, 1, 1, 1)
        old = self._table(sheet, table)
        self._book.parts.change(old.part, old.shrunk(count))

    def set_column_width(self, sheet: str, column: int, width: float) -> None:
        """Set a column's width where it has none yet."""
        rules.check_place(self._sheet(sheet), 1, column, 1, 1)
        self._sheet(sheet).widths.setdefault(column, width)

    def relink(self, number: int, target: str) -> None:
        """Let a link (see `links`) point to another file."""
        references.relink(self._book.parts, self._book.part, number, target)

    def unlink(self, number: int, names: Collection[str]) -> None:
        """Let formulas call the functions ``names`` without a link."""
        sheets = [sheet.part for sheet in self._book.sheets.values()]
        references.unlink(self._book.parts, self._book.part, sheets, number, names)

    def add_sheet(self, name: str, hidden: bool = False) -> None:
        """Add an empty worksheet at the end."""
        self._book.add_sheet(name, hidden)

    def set_charts(self, sheet: str, charts: Sequence[Chart]) -> None:
        """Let the sheet have these charts, and no other drawing."""
        target = self._sheet(sheet)
        rules.check_place(target, 1, 1, 1, 1)
        self._book.set_charts(target, charts)

    def set_look(self, sheet: str, look: Look) -> None:
        """Let the cells that are written, and the panes, look so."""
        target = self._sheet(sheet)
        rules.check_place(target, 1, 1, 1, 1)
        target.look = look

    # Saving

    def save(self, path: str | PathLike[str] | None = None) -> None:
        """Save to ``path``, or where the workbook came from.

        The target is replaced at once when all is written, or not at all. After a save in place the workbook goes on
        from the new file; after a save elsewhere what was written stays pending for the source.
        """
        target = self.path if path is None else Path(path)
        saving.check_target(self.path, target)
        in_place = False
        with suppress(OSError):
            in_place = target.exists() and target.samefile(self.path)
        self._book.save(target.resolve() if target.is_symlink() else target, in_place)
