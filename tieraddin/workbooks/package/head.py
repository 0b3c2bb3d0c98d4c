"""What stands before a sheet's rows: its extent, its columns' widths, and the rows that stay in view."""

from __future__ import annotations

from tieraddin.tables.layout import Area
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.markup import Element, Splice
from tieraddin.workbooks.package.patch import Edits, around


def new_head(head: bytes, shell: bytes, edits: Edits, cells: Area | None) -> bytes:
    """The sheet part up to its rows, changed as ``edits`` ask.

    Parameters
    ----------
    head
        as it is, up to and including the tag ``<sheetData>``.
    shell
        the whole sheet part without its rows.
    edits
        what is to be done.
    cells
        the area of the cells there are now.
    """
    after = len(shell) - len(head)
    for column, width in sorted(edits.widths.items()):
        shell = _with_width(shell, column, width)
    for column, width in enumerate(edits.look.widths if edits.look else (), 1):
        shell = _with_width(shell, column, width, widen=True)
    if edits.look and edits.look.frozen:
        shell = _with_pane(shell, edits.look.frozen)
    root = markup.parse_part(shell, "sheet")
    dimension, extent = root.first("dimension"), around([p.area for p in edits.patches] + ([cells] if cells else []))
    splices = []
    if dimension and extent and edits.patches:
        splices.append(markup.set_attribute(shell, dimension, "ref", str(extent)))
    data = root.first("sheetData")
    if data and shell[data.inner - 2 : data.inner] == b"/>":
        splices.append(Splice(data.inner - 2, data.inner, b">"))
    return markup.spliced(shell[: len(shell) - after], splices)


def _with_pane(shell: bytes, rows: int) -> bytes:
    """The shell with so many rows at the top staying in view."""
    root = markup.parse_part(shell, "sheet")
    p = markup.prefix(shell, root)
    pane = f'<{p}pane ySplit="{rows}" topLeftCell="A{rows + 1}" activePane="bottomLeft" state="frozen"/>'
    views = root.first("sheetViews")
    view = views.first("sheetView") if views else None
    if view is None:
        at = next(child.start for child in root.children if child.name in ("sheetFormatPr", "cols", "sheetData"))
        new = f'<{p}sheetViews><{p}sheetView workbookViewId="0">{pane}</{p}sheetView></{p}sheetViews>'
        return markup.spliced(shell, [Splice(at, at, new.encode())])
    if (old := view.first("pane")) is not None:
        return markup.spliced(shell, [Splice(old.start, old.end, pane.encode())])
    if view.children:
        return markup.spliced(shell, [Splice(view.inner, view.inner, pane.encode())])
    return markup.spliced(shell, markup.append_child(shell, view, pane.encode()))


def _with_width(shell: bytes, column: int, width: float, *, widen: bool = False) -> bytes:
    """The shell with the column's width set, unless it has one (to ``widen``: one that is no smaller)."""
    root = markup.parse_part(shell, "sheet")
    p = markup.prefix(shell, root)
    new = f'<{p}col min="{column}" max="{column}" width="{width:g}" customWidth="1"/>'
    columns = root.first("cols")
    if columns is None:
        at = root.first("sheetData").start  # type: ignore[union-attr]
        return markup.spliced(shell, [Splice(at, at, f"<{p}cols>{new}</{p}cols>".encode())])
    for col in columns.all("col"):
        low, high = int(col.attributes["min"]), int(col.attributes["max"])
        if low <= column <= high:
            if "width" in col.attributes and not (widen and float(col.attributes["width"]) < width):
                return shell
            pieces = [(low, column - 1, None), (column, column, width), (column + 1, high, None)]
            text = b"".join(_part(shell, col, *piece) for piece in pieces if piece[0] <= piece[1])
            return markup.spliced(shell, [Splice(col.start, col.end, text)])
        if column < low:
            return markup.spliced(shell, [Splice(col.start, col.start, new.encode())])
    return markup.spliced(shell, markup.append_child(shell, columns, new.encode()))


def _part(shell: bytes, col: Element, low: int, high: int, width: float | None) -> bytes:
    """A copy of a ``col`` element for some of its columns."""
    facts = {"min": str(low), "max": str(high)}
    if width is not None:
        facts |= {"width": f"{width:g}", "customWidth": "1"}
    raw = shell[col.start : col.end]
    for name, value in facts.items():
        tag = Element("", "col", {}, 0, markup.START_TAG.match(raw).end())  # type: ignore[union-attr]
        raw = markup.spliced(raw, [markup.set_attribute(raw, tag, name, value)])
    return raw
