"""The functions as xlwings' COM server finds them, with stand-ins for Windows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tieraddin.language import use_language
from udfs import FUNCTIONS

from .stand_ins import decorated

FUNCTIONS_MODULE = "tieraddin.hosts.excel.functions"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


@pytest.fixture(scope="module")
def windows() -> Any:
    return decorated(FUNCTIONS_MODULE, "tieraddin.hosts.excel.calls", "tieraddin.hosts.excel.cells")


def test_each_function_is_there_with_its_arguments_and_words(windows: Any) -> None:
    for name, function in FUNCTIONS.items():
        told = getattr(windows.functions, name).__xlfunc__
        assert (told["name"], told["category"], told["sub"], told["volatile"]) == (name, "tieraddin", False, False)
        assert told["ret"]["doc"] == function.help("en")
        assert [arg["name"] for arg in told["args"]] == [argument.name for argument in function.arguments]
        assert ["optional" not in arg for arg in told["args"]] == [a.required for a in function.arguments]
        assert [arg["doc"] for arg in told["args"]] == [function.argument_help(a, "en") for a in function.arguments]


def test_xlwings_makes_a_wrapper_of_each(windows: Any) -> None:
    text = io.StringIO()
    book = SimpleNamespace(Name="tieraddin.xlam")
    windows.udfs.generate_vba_wrapper(FUNCTIONS_MODULE, windows.functions, text, book)
    heads = [line.split("(")[0].removeprefix("Function ") for line in text.getvalue().splitlines() if "(" in line]
    assert [head for head in heads if head in FUNCTIONS] == sorted(FUNCTIONS)
    assert "Function TIER(model, data, Optional headers, Optional options, Optional among)\n" in text.getvalue()
    assert text.getvalue().isascii()
