"""What a long run is doing, and how the person stops it.

Esc does not reach Python while it holds LibreOffice's main thread, so events are let through between its steps.
They reach nothing but a small window with a button: the windows of the document take no input until the run ends.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from tieraddin.errors import WorkbookRefused
from tieraddin.language import say
from tieraddin.workbooks.calc.windows import add, place

_SOON = 1.0
"""Seconds that a run takes before the window comes."""
_WIDTH, _HEIGHT, _EDGE, _BUTTON = 220, 48, 6, (60, 14)
"""The window, its margin and its button."""

_STOPS = "actionPerformed", "windowClosing"
_OTHERS = (
    "windowOpened", "windowClosed", "windowMinimized", "windowNormalized", "windowActivated", "windowDeactivated",
    "disposing",
)  # fmt: skip
"""What the window tells a listener."""


class Progress:
    """How far the work on a document is.

    Parameters
    ----------
    document
        the UNO object of the document.
    title
        what the window is called.
    """

    def __init__(self, document: Any, title: str) -> None:
        self._document = document
        self._title = title
        self._began = monotonic()
        self._closed: list[Any] = []
        self._bar: Any = None
        self._window: Any = None
        self._stopped = False

    @property
    def long(self) -> bool:
        """Whether the person has waited for a while."""
        return monotonic() - self._began > _SOON

    def tell(self, sentence: str) -> None:
        """Show ``sentence`` in the status bar, and in the window once it is there; let the person stop.

        Raises
        ------
        WorkbookRefused
            the person wants to stop.
        """
        controller = self._document.CurrentController
        if controller is None:
            return
        if self._bar is None:
            self._close(controller)
        self._bar.setText(sentence)
        if self._window is None and self.long:
            self._window = _window(controller.Frame.ContainerWindow, self._title, self._stop)
        if self._window is not None:
            self._window.getControl("told").setText(sentence)
        controller.Frame.ContainerWindow.Toolkit.processEventsToIdle()
        if self._stopped:
            raise WorkbookRefused("live.stopped")

    def _close(self, controller: Any) -> None:
        """Let the windows of the document take no input: the status bar, too, lets events through."""
        self._closed = [each.Frame.ContainerWindow for each in self._document.Controllers]
        for window in self._closed:
            window.setEnable(False)
        self._bar = controller.Frame.createStatusIndicator()
        self._bar.start(self._title, 0)

    def _stop(self) -> None:
        self._stopped = True

    def end(self) -> None:
        """Take window and sentence away; the document takes input again."""
        if self._window is not None:
            self._window.dispose()
        if self._bar is not None:
            self._bar.end()
        for window in self._closed:
            window.setEnable(True)
        if self._closed:
            self._document.CurrentController.ComponentWindow.setFocus()
        self._closed, self._bar, self._window = [], None, None


def _window(parent: Any, title: str, stop: Callable[[], None]) -> Any:
    """The window, shown in the middle of ``parent``; ``stop`` is called by its button, its closer and Esc."""
    import uno

    context = uno.getComponentContext()
    model = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.UnoControlDialogModel", context)
    model.Title, model.Width, model.Height = title, _WIDTH, _HEIGHT
    wide, high = _BUTTON
    text = {"Width": _WIDTH - 2 * _EDGE, "Height": _HEIGHT - high - 3 * _EDGE, "MultiLine": True}
    add(model, "FixedText", "told", PositionX=_EDGE, PositionY=_EDGE, **text)
    button = {"Width": wide, "Height": high, "Label": say("live.stop"), "DefaultButton": True}
    add(model, "Button", "stop", PositionX=(_WIDTH - wide) // 2, PositionY=_HEIGHT - high - _EDGE, **button)
    window = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.UnoControlDialog", context)
    window.setModel(model)
    place(window, parent.Toolkit, parent)
    asked = _asked(stop)
    window.addTopWindowListener(asked)
    window.getControl("stop").addActionListener(asked)
    window.setVisible(True)
    window.getControl("stop").setFocus()
    return window


def _asked(stop: Callable[[], None]) -> Any:
    """A listener to the window that calls ``stop``."""
    import unohelper
    from com.sun.star.awt import XActionListener, XTopWindowListener

    heard = {name: lambda _, event: stop() for name in _STOPS} | {name: lambda _, event: None for name in _OTHERS}
    return type("Asked", (unohelper.Base, XActionListener, XTopWindowListener), heard)()
