"""Models of one's own: begun as a sheet, checked, added, used; the command line as a person uses it."""

from __future__ import annotations

import tomllib

import openpyxl
import pytest

from tests.models.conftest import FILES
from tieraddin.actions.models.form import write_form
from tieraddin.actions.models.own import toml_of
from tieraddin.actions.models.worksheet import model_of
from tieraddin.language import use_language
from tieraddin.models.load import read_model, read_model_file

ROWS = [{"sales": 2_000_000, "pays_promptly": "yes"}, {"sales": 2_000_000}, {"sales": 5}]


@pytest.fixture(autouse=True)
def own_folder(desk, monkeypatch):
    """A person's folder of models, which isn't there yet."""
    folder = desk.folder / "own" / "models"
    monkeypatch.setenv("TIERADDIN_MODELS", str(folder))
    return folder


def begun(desk, *arguments, lang="en"):
    """The workbook that a new model is begun with."""
    return desk.path(
        desk.done("models", "new", "ours", "-o", desk.path("ours.xlsx"), "--lang", lang, *arguments)["output"]
    )


def changed(path, changes):
    """Put a value into a column of the row that holds certain words: {words: (column, value)}; the cells changed."""
    book = openpyxl.load_workbook(path)
    sheet = book["Tier model"]
    names = []
    for words, (column, value) in changes.items():
        row = next(row for row in sheet.iter_rows() if set(words) <= {cell.value for cell in row})
        row[column].value = value
        names.append(row[column].coordinate)
    book.save(path)
    return names


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_model_is_right_as_it_is_and_can_be_used(desk, own_folder, lang):
    path = begun(desk, lang=lang)
    checked = desk.done("models", "check", path)
    assert (checked["model"], checked["mistakes"]) == ("ours", [])
    added = desk.done("models", "add", path)
    assert added == {"model": "ours", "output": str(own_folder / "ours.toml")}
    assert checked["hash"] == desk.done("models", "ours")[0]["hash"]
    graded = desk.done("grade", "-", "--model", "ours", stdin=str(ROWS).replace("'", '"'))
    assert [record["grade"] for record in graded] == ["A", "B", "C"]


def test_a_model_like_another_is_that_one_under_its_own_name(desk, own_folder):
    path = begun(desk, "--like", "volume-gates")
    book = openpyxl.load_workbook(path)
    assert ["volume_b", "number", 5_000_000] in [[c.value for c in row[:3]] for row in book["Tier model"].iter_rows()]
    desk.done("models", "add", path)
    both = {model["id"]: model for model in desk.done("models")}
    assert both["ours"]["grades"] == both["volume-gates"]["grades"]
    assert both["ours"]["systems"] == []
    assert both["ours"]["name"]["en"] == f"{both['volume-gates']['name']['en']} (ours)"


def test_a_changed_threshold_counts_once_the_model_is_added(desk):
    path = begun(desk)
    changed(path, {("gate_a", "number"): (2, 3_000_000)})
    desk.done("models", "add", path)
    graded = desk.done("grade", "-", "--model", "ours", stdin=str(ROWS).replace("'", '"'))
    assert [record["grade"] for record in graded] == ["B", "B", "C"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_mistake_is_named_with_its_cell(desk, own_folder, lang):
    path = begun(desk)
    cells = changed(
        path,
        {
            ("pays_promptly", "flag"): (1, "yes-no"),
            ("steps.1.block",): (1, "laddder"),
            ("standing", "steady", "稳定"): (2, None),
            ("cadence.contacts.1.every",): (1, "often"),
        },
    )
    answer = desk.run("models", "check", path, "--lang", lang)
    assert answer.code == 3
    lines = answer.out.splitlines()
    assert len(lines) == len(cells) + 2
    for cell in cells[:2] + cells[3:]:
        assert sum(f", {cell} (" in line for line in lines) == 1, (cell, answer.out)
    assert any("values.steady.label.zh" in line for line in lines)
    as_data = desk.run("models", "check", path, "--json").json
    assert len(as_data["mistakes"]) == len(cells)
    assert desk.run("models", "add", path).code == 3
    assert not own_folder.exists()


def test_a_file_is_checked_as_a_sheet_is(desk):
    desk.done("models", "new", "ours", "-o", desk.path("any name.toml"))
    assert desk.done("models", "check", desk.path("any name.toml"))["mistakes"] == []
    text = desk.path("any name.toml").read_text("utf-8")
    desk.path("wrong.toml").write_text(
        text.replace('"$gate_b"', '"much"').replace("every = 14", "every = 1.5"), "utf-8"
    )
    answer = desk.run("models", "check", desk.path("wrong.toml"), "--json")
    assert answer.code == 3
    assert [mistake["where"].partition(", ")[2] for mistake in answer.json["mistakes"]] == [
        "steps.1.rules.2.when.at_least",
        "cadence.contacts.1.every",
    ]


def test_a_model_that_is_there_is_replaced_only_when_asked(desk, own_folder):
    path = begun(desk)
    desk.done("models", "add", path)
    before = (own_folder / "ours.toml").read_bytes()
    changed(path, {("gate_a", "number"): (2, 7)})
    answer = desk.run("models", "add", path)
    assert answer.code == 2
    assert "--replace" in answer.err
    assert (own_folder / "ours.toml").read_bytes() == before
    added = desk.done("models", "add", path, "--replace")
    with open(added["backup"], "rb") as kept:
        assert kept.read() == before
    assert tomllib.loads((own_folder / "ours.toml").read_text("utf-8"))["options"]["gate_a"]["default"] == 7
    assert len(list(own_folder.glob("*.toml"))) == 2  # the copy is a file of another name, and no model by it
    assert desk.done("models", "ours")[0]["id"] == "ours"


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "Our grades", "-o", "x.xlsx"),
        ("new", "ours", "-o", "x.docx"),
        ("new", "ours", "-o", "x.xlsx", "--like", "none-such"),
        ("check", "none.xlsx"),
        ("check", "notes.txt"),
        ("check", "plain.xlsx"),
        ("add", "none.toml"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_wrong_use_is_one_sentence_and_writes_nothing(desk, monkeypatch, arguments, lang):
    monkeypatch.chdir(desk.folder)
    desk.path("notes.txt").write_text("none")
    desk.book([["Customer"], ["Ann"]], "plain.xlsx")
    before = desk.state()
    answer = desk.run("models", *arguments, "--lang", lang)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert desk.state() == before


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_form_has_lists_to_choose_from_and_says_what_belongs_where(desk, lang):
    sheet = openpyxl.load_workbook(begun(desk, lang=lang))["Tier model"]
    rules = sheet.data_validations.dataValidation
    cell = {
        word: next(c.coordinate for row in sheet.iter_rows() for c in row if c.value == word)
        for word in ("flag", "ladder", "number", "$gate_a")
    }

    def of(name):
        return [rule for rule in rules if name in rule.sqref]

    assert "choice" in of(cell["flag"])[0].formula1.strip('"').split(",")
    assert "scorecard" in of(cell["ladder"])[0].formula1.strip('"').split(",")
    assert of(cell["flag"])[0].showErrorMessage
    assert [rule.type for rule in of(cell["$gate_a"])] == [None]
    assert all(len(rule.formula1) <= 257 for rule in rules if rule.formula1)
    grades = next(rule for rule in rules if rule.formula1 and rule.formula1.startswith("=") and "B" in str(rule.sqref))
    first, last = (int(part.strip("$A")) for part in grades.formula1[1:].split(":"))
    assert [sheet.cell(row, 1).value for row in range(first, last + 1)][:3] == ["A", "B", "C"]
    prompts = [rule.prompt for rule in rules if rule.showInputMessage]
    assert len(prompts) > 20
    assert all(0 < len(prompt) <= 255 for prompt in prompts)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in prompt) == (lang == "zh") for prompt in prompts[:12])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".toml"))
def test_every_shipped_model_survives_workbook_and_file(desk, file):
    source = read_model_file(file)
    use_language("zh" if len(file.name) % 2 else "en")
    write_form(source, desk.path("form.xlsx"))
    back = model_of("sheet", desk.path("form.xlsx"))
    assert (back.hash, back.data) == (source.hash, source.data)
    assert read_model(toml_of(back).decode(), "again.toml").data == source.data
