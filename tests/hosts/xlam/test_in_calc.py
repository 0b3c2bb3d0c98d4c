"""The add-in's own VBA run for real: LibreOffice calculates its functions, with a stand-in for Python behind them.

LibreOffice compiles all modules of a project or none, and its Basic refuses five procedures of xlwings' module and its
dictionary (an argument called ``default``, a procedure whose head stands under ``#If``): the two are left out here. It
knows no ``Application.Caller``, so another cell stands in for it, and no ``AfterCalculate``: what is tried here holds
where Excel's events are off.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tieraddin.hosts.xlam.build import SHEETS, addin
from tieraddin.hosts.xlam.package import package
from tieraddin.hosts.xlam.project import CLASS, STANDARD, Module, vba_project
from tieraddin.hosts.xlam.sources import modules
from tieraddin.language import say

from ..calc.conftest import KIT, missing

HERE = Path(__file__).parent / "vba"
FILTER = "Calc MS Excel 2007 VBA XML"
"""LibreOffice does not tell an add-in by its content type: it has to be told what it is."""

STAND_INS = {
    "Application.Caller": "PeerCaller()",
    'Application.InputBox(Prompt:=words, Title:="tieraddin", Type:=A_NUMBER)': "PeerTyped(words)",
    "Application.FileDialog(FOLDER_PICKER)": "XLPy()",
    'TieraddinSay("others")': 'TieraddinSay("others", "")',
    "Private Sub Told(": "Public Sub Told(",
}
"""What LibreOffice's Basic does not have (an argument left out has no value), or nobody could answer here; the last one
lets a test press a button."""

Cells = list[Any]


def with_stand_in() -> bytes:
    def here(text: str) -> str:
        for excels, stand_in in STAND_INS.items():
            text = text.replace(excels, stand_in)
        return text

    ours = [
        replace(module, text=here(module.text))
        for module in modules(tuple(sheet.code_name for sheet in SHEETS))
        if module.name not in ("xlwings", "Dictionary")
    ]
    peers = [
        Module("Peer", CLASS, (HERE / "Peer.cls").read_text()),
        Module("xlwings", STANDARD, (HERE / "xlwings.bas").read_text()),
    ]
    return package("try", vba_project([*ours, *peers]), SHEETS, [])


class Book:
    """An open workbook: its cells are on the sheet of the settings, from row 10 on."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._rows = count(100)

    def put(self, values: Cells, column: str = "A", row: int = 10) -> None:
        self.session.set_values(
            "tieraddin.conf", f"{column}{row}:{column}{row + len(values) - 1}", [[v] for v in values]
        )

    def formula(self, cell: str, text: str) -> None:
        self.session.set_formula("tieraddin.conf", cell, text)

    def read(self, area: str) -> Cells:
        return [row[0] for row in self.session.values("tieraddin.conf", area)]

    def ask(self, text: str) -> Any:
        """What a formula gives that is entered now."""
        cell = f"Z{next(self._rows)}"
        self.formula(cell, text)
        value = self.read(f"{cell}:{cell}")[0]
        self.session.set_values("tieraddin.conf", f"{cell}:{cell}", [[None]])
        return value

    @property
    def calls(self) -> list[str]:
        """What was asked of the stand-in since last looked."""
        return str(self.ask(f"=PEER_CALLS({next(self._rows)})") or "").split()


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    if why := missing():
        pytest.skip(why)
    sys.path.insert(0, str(KIT))
    import calc_session

    with calc_session.CalcSession(timeout=120) as running:
        yield running


def opened(session: Any, path: Path, data: bytes) -> Book:
    path.write_bytes(data)
    session._load(path.as_uri(), MacroExecutionMode=4, FilterName=FILTER)
    return Book(session)


@pytest.fixture
def book(session: Any, tmp_path: Path) -> Book:
    return opened(session, tmp_path / "try.xlam", with_stand_in())


def column(book: Book, values: Cells, name: str = "TIER") -> None:
    """``values`` in A, and beside each in D what the function gives for its row among them."""
    book.put(values)
    last = 9 + len(values)
    for row in range(10, last + 1):
        book.formula(f"D{row}", f'={name}("value-abc",A{row},,"cuts=0.8",A$10:A${last})')


def shown(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float | int) else value


def expected(values: Cells, name: str = "TIER") -> list[str]:
    """What the stand-in answers for each row: its place, and all that the population holds at this moment."""
    return [f"{name}{i}," + ",".join(map(shown, values)) for i in range(len(values))]


def test_the_file_opens_and_shows_its_texts(session: Any, tmp_path: Path) -> None:
    opened(session, tmp_path / "tieraddin.xlam", addin())
    assert session.sheets() == ["tieraddin.conf", "words", "help", "models"]
    words = {row[0]: row[1:] for row in session.values("words", "A1:C30") if row[0]}
    assert words["label_tier_tab"] == [say("xlam.label_tier_tab", "zh"), say("xlam.label_tier_tab", "en")]
    assert "{detail}" in words["no_server"][0]


def test_functions_that_ask_nothing_of_python(book: Book) -> None:
    from importlib.metadata import version

    assert book.ask("=TIERADDIN_VERSION()") == version("tieraddin")
    assert book.ask('=TieraddinSay("python_error","x")') == say("xlam.python_error", "zh", detail="x")
    assert book.ask('=TieraddinSay("speaks")') == say("xlam.speaks", "zh")
    assert book.calls == []


def test_one_call_answers_a_whole_column(book: Book) -> None:
    values: Cells = [30, 10, 20, None, "x", 40]
    column(book, values)
    book.session.recalculate()
    assert book.calls
    book.session.recalculate()
    assert book.read("D10:D15") == expected(values)
    assert book.calls == ["column"]


EDITS: dict[str, tuple[int, Cells]] = {
    "two numbers change places": (0, [10, 30]),
    "two numbers far apart change places": (0, [20, 10, 30]),
    "sum and sum of squares stay": (0, [20, 30, 10]),
    "a text for another of its length": (4, ["y"]),
    "a text in another case": (4, ["X"]),
    "a text and a blank change places": (3, ["x", None]),
    "a number becomes its text": (1, ["'10"]),
    "a text goes": (4, [None]),
    "a blank is filled": (3, [5]),
    "the last digit that a number has": (0, [30.000000000000004]),
    "a number becomes a blank": (5, [None]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_changed_input_is_never_answered_from_what_was_kept(book: Book, edit: str) -> None:
    """No event tells the cache of the change: LibreOffice has none."""
    values: Cells = [30, 10, 20, None, "x", 40]
    column(book, values)
    book.session.recalculate()
    assert book.calls
    at, changed = EDITS[edit]
    values[at : at + len(changed)] = changed
    book.put(changed, row=10 + at)
    assert book.read("D10:D15") == expected(values)
    assert book.calls == ["column"], "once for all rows"


@pytest.mark.parametrize(
    "edit", [[10, 30], [30, 20, 10], [31], [30, None], [None], [20, 30, 10], [20, 10, 30], [30, 10, None, 20]]
)
def test_what_native_functions_see_is_enough_for_a_cell_that_never_asked(book: Book, edit: Cells) -> None:
    """As for cells that are not calculated yet when others ask: each cell is another one here."""
    book.ask("=PEER_FRESH(1)")
    values: Cells = [30, 10, 20, None, "x", 40]
    column(book, values)
    book.session.recalculate()
    assert book.calls
    values[: len(edit)] = edit
    book.put(edit)
    assert book.read("D10:D15") == expected(values)
    assert book.calls == ["column"]


def test_edits_one_after_another(book: Book) -> None:
    """Any edit of any cell, drawn by chance: each is one call, and every row sees the population as it now is."""
    draw = random.Random(3)
    values: Cells = [draw.choice([1, 2, 3, 2.5, "a", "b", None]) for _ in range(6)]
    column(book, values)
    book.session.recalculate()
    assert book.calls
    for _ in range(60):
        at = draw.randrange(5)
        changed = draw.choice(
            [[values[at + 1], values[at]], [draw.choice([1, 2, 3, -3, "a", "A", "", None])], [None, 4]]
        )
        changed = [None if value == "" else value for value in changed]
        values[at : at + len(changed)] = changed
        book.put(changed, row=10 + at)
        assert book.read("D10:D15") == expected(values)
        assert set(book.calls) <= {"column"}, "no cell by itself"


def test_whole_columns_are_cut_to_what_the_sheet_uses(book: Book) -> None:
    book.put([7, 8, 9], "H")
    answer = book.ask('=TIER("value-abc",H11,,,H:H)')
    assert answer.startswith("TIER10" + "," * 10 + "7,8,9,")
    assert len(answer) < 2000, "no million of cells"
    assert book.calls == ["column"]


def test_cells_that_hold_formulas(book: Book) -> None:
    book.put([3, 2, 1], "H")
    column(book, [None] * 3)
    for row in (10, 11, 12):
        book.formula(f"A{row}", f'=IF(H{row}=0,"",H{row}*2)')
    book.session.recalculate()
    assert book.read("D10:D12") == expected([6, 4, 2])
    assert book.calls
    book.put([0, 5], "H", 11)
    assert book.read("D10:D12") == expected([6, "", 10])
    assert "TIER" not in book.calls, "no cell by itself"


def test_each_function_model_option_and_population_has_its_own_answers(book: Book) -> None:
    """Each cell is another one to the cache, so that nothing but the key tells the calls apart."""
    book.put([1, 2, 3, 4, 5, 6])
    book.ask("=PEER_FRESH(1)")
    asked = {
        "D10": '=TIER("value-abc",A10,,"crossing=in",A10:A12)',
        "D11": '=TIER("value-abc",A11,,"crossing=IN",A10:A12)',
        "D12": '=TIER("rank-abc",A12,,"crossing=in",A10:A12)',
        "D13": '=TIER("value-abc",A13,,"crossing=in",A13:A15)',
        "D14": '=TIER_WHY("value-abc",A11,,"crossing=in",A10:A12)',
        "D15": '=TIER("value-abc",A11,A9,"crossing=in",A10:A12)',
        "D16": '=TIER("value-abc",A11,,{"crossing","in"},A10:A12)',
        "D17": '=TIER("value-abc",A11,,{"crossing";"in"},A10:A12)',
        "D18": '=TIER("value-abc",A11,,5,A10:A12)',
        "D19": '=TIER("value-abc",A11,,"5",A10:A12)',
    }
    for cell, formula in asked.items():
        book.formula(cell, formula)
    assert book.calls
    book.ask("=PEER_CALCULATED(1)")
    book.session.recalculate()
    assert book.calls == ["column"] * len(asked)
    assert book.read("D10:D14") == ["TIER0,1,2,3", "TIER1,1,2,3", "TIER2,1,2,3", "TIER0,4,5,6", "TIER_WHY1,1,2,3"]


@pytest.mark.parametrize(
    "formula",
    {
        "no population": '=TIER("value-abc",A10)',
        "data outside of it": '=TIER("value-abc",A13,,,A10:A12)',
        "data above it": '=TIER("value-abc",A9,,,A10:A12)',
        "data of another column": '=TIER("value-abc",B11,,,A10:A12)',
        "data of another width": '=TIER("value-abc",A11:B11,,,A10:A12)',
        "data of another sheet": '=TIER("value-abc",words!A11,,,A10:A12)',
        "several rows of data": '=TIER("value-abc",A10:A11,,,A10:A12)',
        "a value": '=TIER("value-abc",5,,,A10:A12)',
        "a population that is no range": '=TIER("value-abc",A10,,,{1;2;3})',
        "a model table too large to compare": "=TIER(words!A1:J200,A10,,,A10:A12)",
    }.values(),
)
def test_all_else_is_an_ordinary_call(book: Book, formula: str) -> None:
    book.put([1, 2, 3, 4])
    assert book.calls == []
    assert book.ask(formula) == "one by one"
    assert book.calls == ["TIER"]


def test_a_function_without_population_is_an_ordinary_call(book: Book) -> None:
    assert book.ask("=GINI(A10:A12)") == "one by one"
    assert book.calls == ["GINI"]


def test_another_cell_is_answered_from_what_was_kept_until_excel_has_calculated_or_a_second_is_over(book: Book) -> None:
    book.put([1, 2, 3])
    book.ask("=PEER_FRESH(1)")
    formula = '=TIER("value-abc",A11,,,A10:A12)'
    assert [book.ask(formula) for _ in range(3)] == ["TIER1,1,2,3"] * 3
    assert book.calls == ["column"]
    book.ask("=PEER_CALCULATED(1)")
    book.ask(formula)
    assert book.calls == ["column"], "forgotten with the calculation"
    time.sleep(2.5)  # LibreOffice counts whole seconds
    book.ask(formula)
    assert book.calls == ["column"], "too old"


def test_a_server_that_died_is_started_once_more(book: Book) -> None:
    book.ask("=PEER_DIES(1)")
    assert book.ask("=GINI(A10:A12)") == "one by one"
    assert book.calls == ["GINI", "kill", "GINI"]


def test_a_server_that_stays_dead_is_said_in_the_cell_and_not_tried_for_each(book: Book) -> None:
    book.ask("=PEER_DIES(9)")
    told = say("xlam.no_server", "zh", detail="the server is gone")
    assert book.ask("=GINI(A10:A12)") == told
    assert book.calls == ["GINI", "kill", "GINI"]
    assert book.ask("=GINI(A10:A11)") == told
    assert book.ask('=TIER("value-abc",A10,,,A10:A12)') == told
    assert book.calls == []
    book.ask("=PEER_CALCULATED(1)")
    book.ask("=PEER_DIES(0)")
    assert book.ask("=GINI(A10:A12)") == "one by one", "the next calculation tries again"


def test_a_server_that_dies_over_a_column(book: Book) -> None:
    book.put([1, 2, 3])
    book.ask("=PEER_DIES(2)")
    assert book.ask('=TIER("value-abc",A10,,,A10:A12)') == "one by one"
    assert book.calls == ["column", "TIER", "kill", "TIER"]
    assert book.ask('=TIER("value-abc",A11,,,A10:A12)') == "TIER1,1,2,3"


# Questions


def test_each_stand_in_stands_for_something() -> None:
    texts = "".join(module.text for module in modules(tuple(sheet.code_name for sheet in SHEETS)))
    assert all(excels in texts for excels in STAND_INS)


def prompt(first: int, last: int, others: bool) -> str:
    lines = ["Which?", *(f"{k}  Name of the choice number {k}" for k in range(first, last + 1))]
    text = "\n".join([*lines, say("xlam.others", "zh")] if others else lines)
    assert len(text) <= 255, "an InputBox of Excel takes no more"
    return f"[{text}]"


@pytest.mark.parametrize(("button", "many", "typed", "seen"), [
    ("one", 3, "2", [prompt(1, 3, False), "did one id2"]),
    ("one", 3, "x", [prompt(1, 3, False)]),
    ("one", 3, "0,4,-1,1.5,3", [prompt(1, 3, False)] * 5 + ["did one id3"]),
    ("one", 12, "0,12", [prompt(1, 7, True), prompt(8, 12, True), "did one id12"]),
    ("one", 12, "0,0,2", [prompt(1, 7, True), prompt(8, 12, True), prompt(1, 7, True), "did one id2"]),
    ("one", 12, "12", [prompt(1, 7, True), "did one id12"]),
    ("both", 1, "1,y", [prompt(1, 1, False), "{Where?}", "did both id1/C:\\lists"]),
    ("both", 1, "1,x", [prompt(1, 1, False), "{Where?}"]),
])  # fmt: skip
def test_a_question_is_asked_until_it_is_answered_or_left(
    book: Book, button: str, many: int, typed: str, seen: list[str]
) -> None:
    assert book.ask(f'=PEER_PRESS("{button}",{many},"{typed}")') == "".join(seen)
