"""The generated VBA, held to what xlwings' own generator writes."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import pytest

from tieraddin.addin.names import check_argument
from tieraddin.hosts.excel.calls import places
from tieraddin.hosts.xlam.wrappers import HEAD, MODULE, wrapper, wrappers
from udfs import FUNCTIONS

from ..stand_ins import decorated

ADDED = re.compile(
    r"    If TieraddinBroken\(\) Then (\w+) = TieraddinFault\(\): Exit Function\n"
    r"|    Dim kept As Variant\n"
    r"    If TieraddinKept\(kept, .*\) Then\n        (\w+) = kept\n        Exit Function\n    End If\n"
    r"|    If TieraddinRevived\(Err\.Description\) Then Resume\n"
    r"|    (\w+) = TieraddinFault\(\)\n"
)


def by_xlwings() -> str:
    windows = decorated(MODULE)
    text = io.StringIO()
    windows.udfs.generate_vba_wrapper(MODULE, windows.functions, text, SimpleNamespace(Name="tieraddin.xlam"))
    return text.getvalue()


def test_all_is_as_xlwings_writes_it_but_for_our_additions() -> None:
    ours = wrappers(FUNCTIONS.values(), "1.2.3")
    own = 'Function TIERADDIN_VERSION()\n    TIERADDIN_VERSION = "1.2.3"\nEnd Function\n\n'
    assert ours.startswith(HEAD + own)
    assert ADDED.sub("", ours.removeprefix(HEAD + own)).split() == by_xlwings().split()
    assert ADDED.sub("", ours.removeprefix(HEAD + own)).strip() == by_xlwings().strip()


def test_the_head_is_that_of_import_functions() -> None:
    """``import_udfs`` writes it before it calls the generator."""
    import inspect

    windows = decorated(MODULE)
    assert HEAD.strip() in inspect.getsource(windows.udfs.import_udfs)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_calls_with_a_population_are_looked_up_first(name: str) -> None:
    function = FUNCTIONS[name]
    text = wrapper(function)
    looked_up = re.search(r'TieraddinKept\(kept, "(\w+)", Array\((.*)\), (\d), (\d), Application.Caller\)', text)
    arguments = [argument.name for argument in function.arguments]
    if "among" not in arguments:
        assert looked_up is None
        assert places(function) is None
        return
    assert looked_up is not None
    assert looked_up[1] == name
    assert looked_up[2].split(", ") == arguments
    assert arguments[int(looked_up[3])] in ("data", "values")
    assert arguments[int(looked_up[4])] == "among"
    assert text.index("TieraddinKept") < text.index("XLPy.CallUDF")


def test_no_name_of_ours_hides_an_argument_or_a_word_of_vba() -> None:
    arguments = {argument.name.casefold() for function in FUNCTIONS.values() for argument in function.arguments}
    assert "kept" not in arguments
    for name in arguments:
        check_argument(name)
