"""The part of the extension that LibreOffice's own Python loads.

It is copied into the .oxt as it is, beside ``tieraddin.json`` (see `build`), and imports nothing of tieraddin before
the first call, so that LibreOffice starts as fast as without it. The functions are found in the environment's folder of
packages: the one that ``TIERADDIN_SITE`` names, else the one that the extension was built with.
"""

# mypy: ignore-errors
# ruff: noqa: N802  (LibreOffice names the methods)
import gc
import json
import os
import shutil
import site
import sys
import traceback
from pathlib import Path

import unohelper
from com.sun.star.awt.MessageBoxButtons import BUTTONS_OK
from com.sun.star.awt.MessageBoxType import INFOBOX, WARNINGBOX
from com.sun.star.lang import Locale, XLocalizable, XServiceInfo, XServiceName
from com.sun.star.sheet import XAddIn
from com.sun.star.task import XJobExecutor
from org.tieraddin.calc import XFunctions

KNOWN = json.loads((Path(__file__).parent / "tieraddin.json").read_text("utf-8"))
_HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def _fault(lang):
    """Why the packages can't be used, None where they can; puts their folder on the path."""
    folder = Path(os.environ.get("TIERADDIN_SITE") or KNOWN["site"])
    if not (folder / "numpy").is_dir():
        return KNOWN["no_site"][lang].format(folder=folder)
    named = folder.parent.name.partition("python")[2]  # on Windows the folder above is called Lib
    if (named or KNOWN["python"]) != _HERE:
        return KNOWN["other_python"][lang].format(folder=folder, python=_HERE)
    if str(folder) not in sys.path:
        _use(str(folder))
    return None


def _use(folder):
    """Look for packages in ``folder`` after the standard library, and before those of the system.

    A mixture of both breaks packages of several parts: cffi from one folder, its compiled half from the other.
    """
    before = list(sys.path)
    site.addsitedir(folder)
    at = next((i for i, path in enumerate(before) if path.endswith(("dist-packages", "site-packages"))), len(before))
    sys.path[:] = before[:at] + sys.path[len(before) :] + before[at:]
    gc.set_threshold(100_000)  # a range of a million cells arrives as a million tuples


def _lang(locale):
    return "zh" if locale.Language == "zh" else "en"


class Functions(unohelper.Base, XFunctions, XAddIn, XServiceName, XServiceInfo, XLocalizable):
    """The functions for cells; `_method` adds one for each."""

    def __init__(self, context, *arguments):
        self.locale = Locale("en", "US", "")

    def getServiceName(self):
        return KNOWN["service"]

    def getImplementationName(self):
        return f"{KNOWN['service']}.python"

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return KNOWN["service"], "com.sun.star.sheet.AddIn"

    def setLocale(self, locale):
        self.locale = locale

    def getLocale(self):
        return self.locale

    # XAddIn, misspelt as it is there: CalcAddIn.xcu describes the functions, so nobody asks
    def getProgrammaticFuntionName(self, name):
        return name

    def getDisplayFunctionName(self, name):
        return name

    def getFunctionDescription(self, name):
        return ""

    def getDisplayArgumentName(self, name, argument):
        return ""

    def getArgumentDescription(self, name, argument):
        return ""

    def getProgrammaticCategoryName(self, name):
        return "Add-In"

    def getDisplayCategoryName(self, name):
        return "Add-In"


def _method(name):
    def method(self, settings, *cells):
        lang = _lang(self.locale)
        if fault := _fault(lang):
            print(fault, file=sys.stderr)
            return ((fault,),)
        try:
            from tieraddin.hosts.calc.calls import answer

            day = settings.NullDate
            return answer(name, cells, (day.Year, day.Month, day.Day), lang)
        except Exception:
            traceback.print_exc()
            raise

    return method


for _uno_name, _name in KNOWN["functions"].items():
    setattr(Functions, _uno_name, _method(_name))


class Commands(unohelper.Base, XJobExecutor, XServiceInfo):
    """What the menu asks for."""

    def __init__(self, context, *arguments):
        self.context = context

    def getImplementationName(self):
        return f"{KNOWN['commands']}.python"

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return (KNOWN["commands"],)

    def trigger(self, command):
        manager = self.context.ServiceManager
        settings = manager.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", self.context)
        lang = _lang(_interface(settings))
        desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        if fault := _fault(lang):
            self._tell(desktop, fault, WARNINGBOX)
            return
        from tieraddin.hosts.calc.commands import answered

        kind, answer = answered(command, desktop.getCurrentComponent(), lang)
        while kind == "asked":
            _log("\n".join((answer[0], *(title for _, title in answer[2]))))
            if not (said := self._asked(desktop, *answer)):
                return
            command += ("\n" if "=" in command else "=") + said
            kind, answer = answered(command, desktop.getCurrentComponent(), lang)
        if kind == "rows":
            _show(desktop, answer)
        elif kind == "opened":
            path, said, once = answer
            _open(desktop, path, once)
            if said:
                self._tell(desktop, said, INFOBOX)
        else:
            self._tell(desktop, answer, WARNINGBOX if kind == "refused" else INFOBOX)

    def _tell(self, desktop, text, kind):
        """A sentence in a box; LibreOffice without a screen shows none and goes on."""
        _log(text)
        self._toolkit().createMessageBox(_window(desktop), kind, BUTTONS_OK, KNOWN["title"], text).execute()

    def _asked(self, desktop, text, kind, choices):
        """What the person answers to a question; nothing where they leave it."""
        from tieraddin.hosts.calc.dialogs import picked, picked_folder

        make = self.context.ServiceManager.createInstanceWithContext
        if kind == "folder":
            picker = make("com.sun.star.ui.dialogs.FolderPicker", self.context)
            return picked_folder(picker, text, desktop.getCurrentComponent())
        model = make("com.sun.star.awt.UnoControlDialogModel", self.context)
        dialog = make("com.sun.star.awt.UnoControlDialog", self.context)
        model.Title = KNOWN["title"]
        dialog.setModel(model)
        return picked(dialog, text, choices, self._toolkit(), _window(desktop))

    def _toolkit(self):
        return self.context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", self.context)


def _log(text):
    """What is said, where LibreOffice without a screen is watched."""
    print(text, file=sys.stderr, flush=True)


def _window(desktop):
    frame = desktop.getCurrentFrame()
    return frame and frame.ContainerWindow


def _open(desktop, path, once):
    """A new workbook made of a file, which is taken away with its folder where it is needed once."""
    from com.sun.star.beans import PropertyValue

    desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (PropertyValue("AsTemplate", 0, True, 0),))
    if once:
        shutil.rmtree(Path(path).parent, ignore_errors=True)


def _show(desktop, rows):
    """Rows in a workbook of their own."""
    from tieraddin.hosts.asked import look_of
    from tieraddin.workbooks.calc.workbook import CalcWorkbook

    book = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    cells = book.Sheets.getByIndex(0).getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1)
    cells.setDataArray(rows)
    CalcWorkbook(book).set_look(book.Sheets.ElementNames[0], look_of(rows))
    book.setModified(False)  # it is closed without a question


def _interface(settings):
    """The language that LibreOffice speaks."""
    from com.sun.star.beans import NamedValue

    node = settings.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", (NamedValue("nodepath", "/org.openoffice.Setup/L10N"),)
    )
    return Locale(node.getByName("ooLocale").partition("-")[0], "", "")


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  (LibreOffice looks for this name)
# under its own service only: CalcAddIn.xcu is passed over where com.sun.star.sheet.AddIn is named here
g_ImplementationHelper.addImplementation(Functions, f"{KNOWN['service']}.python", (KNOWN["service"],))
g_ImplementationHelper.addImplementation(Commands, f"{KNOWN['commands']}.python", (KNOWN["commands"],))
