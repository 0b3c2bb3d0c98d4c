"""Every sentence is there in both languages, is said somewhere, and everything said is there."""

from __future__ import annotations

import ast
import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

import tieraddin
from tieraddin.language import LANGUAGES
from tieraddin.models.mistakes import NOT_A

HOUSE = Path(tieraddin.__file__).parent
SENTENCES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted((HOUSE / "locale").glob("*.toml"))}
KNOWN = {f"{room}.{id}" for room, sentences in SENTENCES.items() for id in sentences}
FILES = [*sorted(HOUSE.rglob("*.py")), *sorted(HOUSE.parent.glob("udfs/*.py"))]
CODE = "\n".join(path.read_text("utf-8") for path in FILES)
ROOM = "|".join(SENTENCES)

NAMED = set(re.findall(rf'(?<!f)"((?:{ROOM})\.[a-z][a-z0-9_]*)"', CODE))
"""The ids that the code names in full: "room.id" as a text of its own."""
BARE = set(re.findall(r'(?<!f)"([a-z][a-z0-9_]*)"', CODE))
"""Texts that may be ids, handed to a function that puts the room before them."""


MADE = {re.sub(r"\{[^}]*\}", "*", text) for text in re.findall(r'f"([a-z_.]*\{[^"{}]*\}[a-z_.]*)"', CODE)}
"""The ids that the code puts together, as patterns: f"room.begin_{name}", f"begin_{name}"."""
MADE_HERE = {pattern for pattern in MADE if re.match(rf"(?:{ROOM})\.", pattern)}
MADE_ANYWHERE = {pattern for pattern in MADE if re.fullmatch(r"[a-z_]+_\*", pattern)}

PYDANTIC = {
    "missing", "extra_forbidden", "literal_error", "union_tag_invalid", "union_tag_not_found", "too_short",
    "string_pattern_mismatch", "string_too_short", "greater_than", "less_than", "greater_than_equal", "less_than_equal",
}  # fmt: skip
"""Sentences of the room "models" that go by pydantic's own names for a mistake."""


def test_the_patterns_find_something() -> None:
    assert len(NAMED) > 50
    assert "models.expects_*" in MADE_HERE


@pytest.mark.parametrize("room", SENTENCES)
def test_both_languages_say_the_same(room: str) -> None:
    for id, sentence in SENTENCES[room].items():
        assert set(sentence) == set(LANGUAGES), id
        assert all(text.strip() for text in sentence.values()), id
        facts = [
            sorted((name, spec) for _, name, spec, _ in Formatter().parse(sentence[lang]) if name) for lang in LANGUAGES
        ]
        assert facts[0] == facts[1], id


@pytest.mark.parametrize("room", SENTENCES)
def test_each_language_has_its_own_punctuation(room: str) -> None:
    for id, sentence in SENTENCES[room].items():
        assert not re.search(r"[\u4e00-\u9fff，。；：（）]", sentence["en"]), id
        assert not re.search(r"[\u4e00-\u9fff][,:;()?]|[,:;()?][\u4e00-\u9fff]", sentence["zh"]), id
        assert not re.search(r"\}[,;()?]|[,;()?]\{", sentence["zh"]), id


@pytest.mark.parametrize("id", sorted(NAMED))
def test_what_is_said_is_there(id: str) -> None:
    assert id in KNOWN


@pytest.mark.parametrize("pattern", sorted(MADE_HERE))
def test_what_is_put_together_can_be_there(pattern: str) -> None:
    assert any(fnmatchcase(id, pattern) for id in KNOWN)


@pytest.mark.parametrize("room", SENTENCES)
def test_nothing_is_there_that_nobody_says(room: str) -> None:
    patterns = MADE_HERE - {f"{room}.*"}
    unused = [
        id
        for id in SENTENCES[room]
        if id.removesuffix("_button") not in SENTENCES[room].keys() - {id}
        and f"{room}.{id}" not in NAMED
        and id not in BARE
        and not any(fnmatchcase(f"{room}.{id}", pattern) for pattern in patterns)
        and not any(fnmatchcase(id, pattern) for pattern in MADE_ANYWHERE)
        and not (room == "models" and id in PYDANTIC)
    ]
    assert unused == []


OPTION = re.compile(r"(?<![\w-])--?[a-z]|tieraddin (?!writes)[a-z]+ ")
"""An option of a command, or a command, as sentences name them."""
NEVER_PRESSED = {
    "templates.arg_id", "templates.list_next", "followups.days_range", "actions.output_is_input",
    "actions.parquet_needs_output", "actions.no_transactions", "scale.not_parquet", "scale.needs_parquet",
    "scale.needs_all", "review.about", "review.option_apply", "review.option_overwrite", "review.output_without_apply",
    "review.days_below_zero", "review.not_applied", "convert.not_ours",
}  # fmt: skip
"""Ids in modules that buttons use as well, said by commands only: they name options that buttons never set."""


def reached(module: str, known: dict[str, str]) -> dict[str, str]:
    """The texts of a module and of all of ours that it imports, early or late."""
    path = HOUSE.parent.joinpath(*module.split("."))
    file = next((f for f in (path.with_suffix(".py"), path / "__init__.py") if f.is_file()), None)
    if file is not None and module not in known and module.partition(".")[0] == HOUSE.name:
        known[module] = file.read_text("utf-8")
        for node in ast.walk(ast.parse(known[module])):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{each.name}" for each in node.names)):
                    reached(name, known)
    return known


def test_no_one_who_presses_a_button_is_told_of_options() -> None:
    """Each sentence that names a command or an option, in a module that buttons use, has a twin that names none."""
    code = "\n".join(reached("tieraddin.hosts.calc.commands", reached("tieraddin.hosts.excel.macros", {})).values())
    said = set(re.findall(rf'(?<!f)"((?:{ROOM})\.[a-z][a-z0-9_]*)"', code))
    made = [pattern for pattern in MADE_HERE if re.search(re.escape(pattern).replace(r"\*", r"\{[^}]*\}"), code)]
    pressed = {id for id in KNOWN if id in said or any(fnmatchcase(id, pattern) for pattern in made)}
    assert {"tables.two_columns", "followups.no_cadence", "live.retiered"} <= pressed
    named = {
        id
        for id in pressed - NEVER_PRESSED
        if OPTION.search(" ".join(SENTENCES[id.partition(".")[0]][id.partition(".")[2]].values()))
    }
    assert {id for id in named if f"{id}_button" not in KNOWN} == set()


@pytest.mark.parametrize("id", sorted(id for id in KNOWN if id.endswith("_button")))
def test_the_twin_for_buttons_says_the_same_without_options(id: str) -> None:
    room, _, name = id.partition(".")
    twin, other = SENTENCES[room][name], SENTENCES[room][name.removesuffix("_button")]
    for lang in LANGUAGES:
        assert not OPTION.search(twin[lang])
        facts = [{name for _, name, _, _ in Formatter().parse(text[lang]) if name} for text in (twin, other)]
        assert facts[0] <= facts[1]


def test_the_checkers_mistakes_have_their_names() -> None:
    assert set(get_args(ErrorType)) >= PYDANTIC | set(NOT_A)
