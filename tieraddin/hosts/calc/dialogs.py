"""What LibreOffice asks a person: one of a list, or a folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieraddin.workbooks.calc.windows import add, place

_WIDTH, _LINE, _EDGE, _BUTTON = 240, 12, 6, 54
"""In the units of dialogs, which follow the size of letters."""
_LINES = 12
"""How many choices are seen at once, at most."""
_OK, _CANCEL = 1, 2
"""com.sun.star.awt.PushButtonType"""


def picked(dialog: Any, text: str, choices: Sequence[tuple[str, str]], toolkit: Any, window: Any) -> str:
    """What stands for the choice that the person picks, "" for none.

    Parameters
    ----------
    dialog
        an empty ``UnoControlDialog`` with its model.
    choices
        for each what stands for it, and what the person reads.
    toolkit, window
        LibreOffice's, and the window that the dialog belongs to, None for none.
    """
    model, height = dialog.getModel(), _LINE * min(max(len(choices), 3), _LINES)
    whole = {"PositionX": _EDGE, "Width": _WIDTH - 2 * _EDGE}
    top = 3 * _EDGE + 2 * _LINE
    add(model, "FixedText", "text", PositionY=_EDGE, Height=2 * _LINE, Label=text, MultiLine=True, **whole)
    titles = tuple(title for _, title in choices)
    add(model, "ListBox", "list", PositionY=top - _EDGE, Height=height, StringItemList=titles, **whole)
    ok = {"PushButtonType": _OK, "DefaultButton": True, "PositionX": _WIDTH - 2 * (_BUTTON + _EDGE)}
    cancel = {"PushButtonType": _CANCEL, "PositionX": _WIDTH - _BUTTON - _EDGE}
    for name, properties in (("ok", ok), ("cancel", cancel)):
        add(model, "Button", name, PositionY=top + height, Width=_BUTTON, Height=14, **properties)
    model.Width, model.Height = _WIDTH, top + height + 14 + _EDGE
    dialog.setVisible(False)
    place(dialog, toolkit, window)
    shown = dialog.getControl("list")
    shown.selectItemPos(0, True)
    shown.setFocus()
    try:
        at = shown.getSelectedItemPos() if dialog.execute() else -1
        return choices[at][0] if at >= 0 else ""
    finally:
        dialog.dispose()


def picked_folder(picker: Any, text: str, document: Any) -> str:
    """The folder that the person picks, "" for none; first shown is that of the open document, where it has one.

    Parameters
    ----------
    picker
        a ``FolderPicker``.
    """
    import uno

    picker.setTitle(text)
    if url := getattr(document, "URL", ""):
        picker.setDisplayDirectory(url.rpartition("/")[0])
    return str(uno.fileUrlToSystemPath(picker.getDirectory())) if picker.execute() else ""
