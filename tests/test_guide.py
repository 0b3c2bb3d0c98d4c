"""The user guides name every button and every command there is, and their command lines can be typed as they stand."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import typer

from tieraddin.cli import app
from tieraddin.hosts.calc.commands import COMMANDS
from tieraddin.language import Language, say
from udfs import FUNCTIONS

DOCS = Path(__file__).parent.parent / "docs"
GUIDES: dict[Language, Path] = {"en": DOCS / "user-guide.md", "zh": DOCS / "user-guide.zh.md"}
CHECKLIST = DOCS / "windows-checklist.md"
BIGGEST_PICTURE = 300_000


def ribbon() -> list[str]:
    """The ids of what can be pressed or picked in Excel."""
    drawn = tomllib.loads(files("tieraddin.hosts.xlam").joinpath("ribbon.toml").read_text("utf-8"))
    return [one["id"] for group in drawn["group"] for kind in ("button", "list") for one in group.get(kind, [])]


def labels(lang: Language) -> set[str]:
    """What stands on the buttons of Excel and of Calc."""
    return {say(f"xlam.label_{name}", lang) for name in ribbon()} | {
        say(f"calc.command_{name}", lang) for name in COMMANDS
    }


def resolved(words: list[str]) -> tuple[str, Any, list[str]]:
    """The command that the words call, by its name, and the words after it."""
    command: Any = typer.main.get_command(app)
    name = []
    while hasattr(command, "commands"):
        known = command.commands
        first = words[0] if words and words[0] in known else "show" if "show" in known else None
        if first is None:
            raise AssertionError(f"no command: tieraddin {' '.join([*name, *words])}")
        words = words[1:] if words and words[0] == first else words
        name.append(first)
        command = known[first]
    return " ".join(name), command, words


def every(command: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all commands."""
    for name, below in command.commands.items():
        if hasattr(below, "commands"):
            yield from every(below, (*before, name))
        else:
            yield " ".join((*before, name))


def lines(guide: Path) -> list[list[str]]:
    """The words after ``tieraddin`` of each command line, in blocks and within sentences."""
    text = guide.read_text("utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    spans = re.findall(r"`(tieraddin [^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [shlex.split(line)[1:] for line in [*blocks.splitlines(), *spans] if line.startswith("tieraddin ")]


@pytest.mark.parametrize("lang", GUIDES)
def test_the_guide_has_a_row_for_every_button(lang: Language) -> None:
    rows = re.findall(r"^\|.*\*\*.*\|$", GUIDES[lang].read_text("utf-8"), re.MULTILINE)
    shown = set(re.findall(r"\*\*(.+?)\*\*", "\n".join(rows)))
    assert labels(lang) <= shown, labels(lang) - shown


@pytest.mark.parametrize("lang", GUIDES)
def test_the_guide_puts_no_button_into_its_table_that_is_not_there(lang: Language) -> None:
    rows = re.findall(r"^\|([^|]*)\|([^|]*)\|[^|]*\|[^|]*\|$", GUIDES[lang].read_text("utf-8"), re.MULTILINE)
    pairs = [pair for pair in rows if "**" in "".join(pair)]
    excel = {say(f"xlam.label_{name}", lang) for name in ribbon()}
    calc = {say(f"calc.command_{name}", lang) for name in COMMANDS}
    assert {cell.strip(" *") for cell, _ in pairs if cell.strip()} == excel
    assert {cell.strip(" *") for _, cell in pairs if cell.strip()} == calc


@pytest.mark.parametrize("lang", GUIDES)
def test_command_lines_of_the_guide_name_commands_and_their_own_options(lang: Language) -> None:
    for words in lines(GUIDES[lang]):
        name, command, rest = resolved(words)
        known = {option for each in command.params for option in each.opts}
        for option in (word for word in rest if word.startswith("-")):
            assert option in known, f"tieraddin {name} has no {option}"
        if rest and not any(word.startswith("-") for word in rest):
            assert len(rest) <= sum(not each.opts[0].startswith("-") for each in command.params), words


@pytest.mark.parametrize("lang", GUIDES)
def test_the_guide_names_every_command(lang: Language) -> None:
    named = {resolved(words)[0] for words in lines(GUIDES[lang])}
    assert set(every(typer.main.get_command(app))) <= named


@pytest.mark.parametrize("lang", GUIDES)
def test_formulas_of_the_guide_call_functions_that_exist(lang: Language) -> None:
    called = set(re.findall(r"=([A-Z][A-Z_]+)\(", GUIDES[lang].read_text("utf-8")))
    assert called
    assert called <= set(FUNCTIONS), called - set(FUNCTIONS)


def test_both_guides_have_the_same_parts_and_pictures() -> None:
    english, chinese = (GUIDES[lang].read_text("utf-8") for lang in ("en", "zh"))
    for part in (r"^## ", r"^\|", r"^```", r"^!\["):
        assert len(re.findall(part, english, re.MULTILINE)) == len(re.findall(part, chinese, re.MULTILINE)), part
    pictures = [re.findall(r"\((images/[^)]+)\.(?:en|zh)\.png\)", text) for text in (english, chinese)]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("lang", GUIDES)
def test_links_to_parts_of_the_guide_lead_there(lang: Language) -> None:
    text = GUIDES[lang].read_text("utf-8")
    parts = {
        re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^## (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= parts


def test_pictures_are_small() -> None:
    pictures = list((DOCS / "images").glob("*.png"))
    assert pictures
    assert not [picture.name for picture in pictures if picture.stat().st_size > BIGGEST_PICTURE]


@pytest.mark.parametrize("lang", GUIDES)
def test_the_checklist_for_excel_tries_every_button(lang: Language) -> None:
    text = CHECKLIST.read_text("utf-8")
    missing = [label for name in ribbon() if (label := say(f"xlam.label_{name}", lang)) not in text]
    assert not missing
