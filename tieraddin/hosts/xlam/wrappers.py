"""The functions as VBA: what xlwings' generator would write for them in an add-in, and our additions.

xlwings' own generator runs on Windows only; a test runs it, and finds the same text but for what speaks of Tieraddin.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import Template

from tieraddin.addin.registry import Function
from tieraddin.hosts.excel.calls import places

MODULE = "tieraddin.hosts.excel.functions"

HEAD = """\
#Const App = "Microsoft Excel" 'Adjust when using outside of Excel
"""

_WRAPPER = Template("""\
Function $name($signature)
$added    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        $name = XLPy.CallUDF("$module", "$name", Array($arguments), ActiveWorkbook, Application.Caller)
        Exit Function
    #Else
        $name = XLPy.CallUDF("$module", "$name", Array($arguments))
        Exit Function
    #End If
failed:
    If TieraddinRevived(Err.Description) Then Resume
    $name = Err.Description
    $name = TieraddinFault()
End Function
""")

_UNLESS_BROKEN = Template("""\
    If TieraddinBroken() Then $name = TieraddinFault(): Exit Function
""")

_KEPT = Template("""\
    Dim kept As Variant
    If TieraddinKept(kept, "$name", Array($arguments), $data, $among, Application.Caller) Then
        $name = kept
        Exit Function
    End If
""")


def wrappers(functions: Iterable[Function], version: str) -> str:
    """The text of the module, its functions in the order of their names.

    Parameters
    ----------
    functions
        those of ``udfs.FUNCTIONS``.
    version
        what ``TIERADDIN_VERSION()`` gives, which asks nothing of Python.
    """
    own = f'Function TIERADDIN_VERSION()\n    TIERADDIN_VERSION = "{version}"\nEnd Function\n'
    return "\n".join([HEAD + own, *map(wrapper, sorted(functions, key=lambda function: function.name))])


def wrapper(function: Function) -> str:
    """One function: its arguments by name; a call that takes a whole population is first looked up in the cache."""
    names = [argument.name for argument in function.arguments]
    facts = {
        "name": function.name,
        "module": MODULE,
        "signature": ", ".join(a.name if a.required else f"Optional {a.name}" for a in function.arguments),
        "arguments": ", ".join(names),
    }
    added = _UNLESS_BROKEN.substitute(facts)
    if (at := places(function)) is not None:
        added += _KEPT.substitute(facts, data=at[0], among=at[1])
    return _WRAPPER.substitute(facts, added=added)
