"""What a person can choose in the submenus of Calc: the model of a workbook, and the language."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from tieraddin.errors import ModelError
from tieraddin.hosts.asked import Answer, Asked
from tieraddin.hosts.calc.speech import choose
from tieraddin.language import LANGUAGES, Language, say
from tieraddin.models.load import model_files, read_model_file
from tieraddin.models.sheet import SHEET

Choices: TypeAlias = dict[str, dict[Language, str]]
"""By what a command is asked with: the titles."""


def models() -> Choices:
    """The models, those of the person's own included where they have no mistake; last the one on a sheet."""
    titles: Choices = {}
    for file in model_files().values():
        with suppress(ModelError):
            model = read_model_file(Path(str(file))).model
            titles[model.id] = {lang: f"{model.name[lang]}  ({model.id})" for lang in LANGUAGES}
    titles["sheet"] = {lang: say("calc.model_sheet", lang, sheet=SHEET) for lang in LANGUAGES}
    return titles


def languages() -> Choices:
    """The languages, each in its own words, and LibreOffice's."""
    titles: Choices = {code: dict.fromkeys(LANGUAGES, say("calc.language_own", code)) for code in LANGUAGES}
    titles["auto"] = {lang: say("calc.language_auto", lang) for lang in LANGUAGES}
    return titles


def speak(asked: Asked) -> Answer:
    """Speak another language from now on."""
    choose(asked.detail)
    return say("calc.speaks")
