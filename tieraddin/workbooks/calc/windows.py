"""Small windows of LibreOffice, made of controls. Measures are in units that follow the size of its letters."""

from __future__ import annotations

from typing import Any

_PLACE = 3
"""com.sun.star.awt.PosSize: the place without the size."""


def add(model: Any, kind: str, name: str, **properties: Any) -> None:
    """Put a control into a window's model: a ``Button``, a ``FixedText``, ..."""
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    for key, value in properties.items():
        setattr(control, key, value)
    model.insertByName(name, control)


def place(window: Any, toolkit: Any, parent: Any) -> None:
    """Let a window belong to ``parent``, None for none, in the middle of it."""
    window.createPeer(toolkit, parent)
    if parent is not None:
        outer, own = parent.getPosSize(), window.getPosSize()
        window.setPosSize((outer.Width - own.Width) // 2, (outer.Height - own.Height) // 2, 0, 0, _PLACE)
