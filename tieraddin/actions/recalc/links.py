"""Links of workbooks to our add-in's file: where they lead, and how they are mended.

Excel saves a call of an add-in's function as ``[1]!TIER(…)``, with a link to the add-in's file. Where that is gone,
on another person's machine or after a move, the cells show ``#NAME?`` once they are calculated.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from tieraddin.actions.files import save
from tieraddin.actions.output import check_target
from tieraddin.errors import TableRefused
from tieraddin.formulas.spelling import is_add_in
from tieraddin.workbooks import open_workbook
from udfs import FUNCTIONS

Done = dict[str, Any]


@dataclass(frozen=True)
class AddInLink:
    """A link of a workbook to our add-in.

    Attributes
    ----------
    number
        formulas call it ``[number]``.
    target
        where it leads, as a path.
    there
        whether that file is there on this machine.
    """

    number: int
    target: str
    there: bool


def links_of(path: Path) -> list[AddInLink]:
    """The links of a workbook file to our add-in."""
    with open_workbook(path) as book:
        targets = [(link.number, plain_path(link.target)) for link in book.links()]
    return [
        AddInLink(number, target, (path.parent / target).exists()) for number, target in targets if is_add_in(target)
    ]


def mend(path: Path, target: str | None = None, output: Path | None = None) -> Done:
    """Let the links of a workbook file to our add-in lead to ``target``, in place (a copy is kept) or in ``output``.

    Parameters
    ----------
    target
        the add-in's file. None: no link at all, the formulas call the functions by their names alone.

    Raises
    ------
    TableRefused
        the workbook has no such link.
    """
    check_target(path, output)
    links = links_of(path)
    if not links:
        raise TableRefused("recalc.no_links", file=path.name)
    with open_workbook(path) as book:
        for link in sorted(links, key=lambda link: -link.number):
            if target is None:
                book.unlink(link.number, FUNCTIONS)
            else:
                book.relink(link.number, address(target))
        return {"mended": [link.target for link in links]} | save(book, output or path)


def plain_path(target: str) -> str:
    r"""The path that a link's address means: ``file:///C:\add%20ins\a.xlam`` -> ``C:\add ins\a.xlam``."""
    if not target.lower().startswith("file:"):
        return unquote(target)
    rest = unquote(target[len("file:") :])
    bare = rest.removeprefix("///")
    if rest.startswith("///"):
        return bare if bare[1:2] == ":" or bare.startswith("\\") else f"/{bare}"
    return rest


def address(path: str) -> str:
    r"""The address of a file as Excel writes it: ``C:\add ins\a.xlam`` -> ``file:///C:\add%20ins\a.xlam``."""
    return "file:///" + quote(path.removeprefix("/"), safe="\\/:()!,;=+@$&'~.-_")
