"""The workbook part and what hangs on it: sheets, shared strings, styles, the calculation chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks.package import drawings, formulas, markup, metadata, rules, saving
from tieraddin.workbooks.package.ahead import ahead
from tieraddin.workbooks.package.archive import Archive, pack
from tieraddin.workbooks.package.cells import CellReader
from tieraddin.workbooks.package.parts import Parts
from tieraddin.workbooks.package.patch import Edits
from tieraddin.workbooks.package.rewrite import rewrite
from tieraddin.workbooks.package.sheet import Sheet
from tieraddin.workbooks.package.strings import shared_strings
from tieraddin.workbooks.package.styles import EMPTY, Styles
from tieraddin.workbooks.port import Chart

_RELATIONS = dict(
    zip(
        markup.MAIN,
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
        strict=True,
    )
)
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
_NEW_SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{}"><sheetData/></worksheet>'


class Book:
    """An open package as a workbook.

    Attributes
    ----------
    parts, part
        the package's parts, and the name of the workbook part.
    sheets
        the worksheets by name, in the workbook's order.
    styles
        the cell formats.
    date1904
        whether dates count from 1904.
    """

    def __init__(self, path: Path, *, to_read: bool = False) -> None:
        """``to_read``: nothing is edited, so a signature is no hindrance."""
        self.path, self._to_read = path, to_read
        self._load()

    def _load(self) -> None:
        self.archive = Archive(self.path)
        self._version = _version(self.path)
        try:
            self.parts = Parts(self.archive)
            self.part = self._workbook_part()
            self._read_workbook()
        except BaseException:
            self.archive.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.archive.close()

    def _workbook_part(self) -> str:
        links = self.parts.relationships("")
        if any(link.kind == "origin" for link in links) and not self._to_read:
            raise WorkbookRefused("workbooks.signed", file=self.path.name)
        part = next((link.target for link in links if link.kind == "officeDocument" and link.target), None)
        if part is None or not self.parts.has(part):
            key = "open_document" if self.parts.has("mimetype") else "no_workbook"
            raise WorkbookRefused(f"workbooks.{key}", file=self.path.name)
        if part.lower().endswith(".bin"):
            raise WorkbookRefused("workbooks.binary_workbook", file=self.path.name)
        return part

    def _read_workbook(self) -> None:
        _, root = self.parts.tree(self.part)
        if root.name != "workbook" or root.namespace not in markup.MAIN:
            raise WorkbookRefused("workbooks.no_workbook", file=self.path.name)
        self._namespace = root.namespace
        properties = root.first("workbookPr")
        self.date1904 = properties is not None and properties.attributes.get("date1904") in ("1", "true")
        style_parts = self.parts.related(self.part, "styles")
        self._style_part = style_parts[0] if style_parts else None
        data = self.parts.read(self._style_part) if self._style_part else EMPTY.format(root.namespace).encode()
        self.styles = Styles(data, self._style_part or "styles")
        self._cells = CellReader(self._strings, self.styles, self.date1904)
        links = {link.id: link for link in self.parts.relationships(self.part)}
        sheets = root.first("sheets")
        self.sheets: dict[str, Sheet] = {}
        for element in sheets.all("sheet") if sheets else []:
            facts = element.attributes
            link = links.get(next((value for name, value in facts.items() if name.endswith(" id")), ""))
            if link and link.kind == "worksheet" and link.target and self.parts.has(link.target):
                state = facts.get("state", "visible")
                self.sheets[facts["name"]] = Sheet(facts["name"], state, link.target, self.parts, self._cells)  # type: ignore[arg-type]

    def _strings(self) -> list[str]:
        parts = self.parts.related(self.part, "sharedStrings")
        return shared_strings(self.parts.read(parts[0]), parts[0]) if parts else []

    def add_sheet(self, name: str, hidden: bool) -> None:
        """Add an empty worksheet at the end."""
        data, root = self.parts.tree(self.part)
        sheets = root.first("sheets")
        taken = sheets.all("sheet") if sheets else []
        rules.check_sheet_name(name, [element.attributes["name"] for element in taken])
        if sheets is None:
            raise WorkbookRefused("workbooks.no_workbook", file=self.path.name)
        folder = self.part.rpartition("/")[0]
        part = self.parts.new_name(f"{folder}/worksheets/sheet{{}}.xml".lstrip("/"))
        number = max((int(element.attributes.get("sheetId", 0)) for element in taken), default=0) + 1
        self.parts.change(part, _NEW_SHEET.format(self._namespace).encode())
        self.parts.set_content_type(part, _CONTENT.format("worksheet"))
        relation = self.parts.relate(self.part, f"{_RELATIONS[self._namespace]}/worksheet", part)
        tag = markup.prefix(data, sheets)
        shown = ' state="hidden"' if hidden else ""
        bound = f'xmlns:r="{_RELATIONS[self._namespace]}" r:id="{relation}"'
        facts = f'name="{markup.escape(name)}" sheetId="{number}"{shown} {bound}'
        child = f"<{tag}sheet {facts}/>".encode()
        self.parts.change(self.part, markup.spliced(data, markup.append_child(data, sheets, child)))
        self.sheets[name] = Sheet(name, "hidden" if hidden else "visible", part, self.parts, self._cells)

    def set_charts(self, sheet: Sheet, charts: Sequence[Chart]) -> None:
        """Give a sheet these charts in place of what is drawn on it."""
        drawings.set_charts(self.parts, sheet.part, sheet.name, charts, _RELATIONS[self._namespace])
        sheet.renew()

    def save(self, target: Path, in_place: bool) -> None:
        """Write everything to ``target``; ``in_place`` when that is the file this was read from."""
        for sheet in self.sheets.values():
            sheet.forget()
        edited = [sheet for sheet in self.sheets.values() if sheet.patches or sheet.widths or sheet.look]
        saved = False
        if in_place and _version(self.path) != self._version:
            raise WorkbookRefused("workbooks.changed_meanwhile", file=self.path.name)
        try:
            with saving.replacing(target) as file, TemporaryFile(dir=target.parent) as scratch:
                entries = {sheet.name: self.parts.entry(sheet.part).filename for sheet in edited}
                dynamic = self._mark_dynamic() if any(patch.reach for s in edited for patch in s.patches) else 0
                packed = {entries[sheet.name]: pack(self._rewritten(sheet, dynamic), scratch) for sheet in edited}
                if dynamic or any(True for sheet in edited for _ in formulas.overwritten(sheet.survey, sheet.patches)):
                    self._drop_calculation_chain()
                self._save_styles()
                saving.write_package(self.parts, packed, file, scratch)
                if in_place:  # Windows replaces no open file
                    self.archive.close()
            saved = True
        finally:
            if in_place and saved:
                self._load()
            elif in_place:
                self.archive.reopen()

    def _rewritten(self, sheet: Sheet, dynamic: int) -> Iterator[bytes]:
        stream, survey = sheet.stream(), sheet.survey
        moved = formulas.moved(survey, sheet.patches, stream.prefix)
        edits = Edits(sheet.patches, sheet.widths, moved, dynamic, sheet.look)
        chunks = rewrite(stream, edits, survey, self.styles, self.date1904)
        return ahead(chunks) if stream.large else chunks

    def dynamic_marks(self) -> list[str]:
        """The values of the attribute ``cm`` of a cell that mark its formula as a dynamic array."""
        parts = self.parts.related(self.part, "sheetMetadata")
        return [str(n) for part in parts for n in metadata.Metadata(self.parts.read(part), part).dynamic()]

    def _mark_dynamic(self) -> int:
        """See to a metadata part with a mark for dynamic arrays; the mark's number."""
        known = self.parts.related(self.part, "sheetMetadata")
        part = known[0] if known else f"{self.part.rpartition('/')[0]}/metadata.xml".lstrip("/")
        data = self.parts.read(part) if known else metadata.EMPTY.format(self._namespace).encode()
        new, number = metadata.Metadata(data, part).with_dynamic()
        if new != data:
            self.parts.change(part, new)
        if not known:
            self.parts.relate(self.part, f"{_RELATIONS[self._namespace]}/sheetMetadata", part)
            self.parts.set_content_type(part, metadata.CONTENT_TYPE)
        return number

    def _drop_calculation_chain(self) -> None:
        for part in self.parts.related(self.part, "calcChain"):
            self.parts.remove(self.part, part)

    def _save_styles(self) -> None:
        data = self.styles.changed()
        if data is None:
            return
        if self._style_part is None:
            folder = self.part.rpartition("/")[0]
            self._style_part = f"{folder}/styles.xml".lstrip("/")
            self.parts.relate(self.part, f"{_RELATIONS[self._namespace]}/styles", self._style_part)
            self.parts.set_content_type(self._style_part, _CONTENT.format("styles"))
        self.parts.change(self._style_part, data)


def _version(path: Path) -> tuple[int, int, int]:
    """What tells one state of a file from another: which file it is, when it was written, its size."""
    facts = path.stat()
    return facts.st_ino, facts.st_mtime_ns, facts.st_size
