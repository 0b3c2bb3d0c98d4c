"""A button's question through the real server: what the VBA is handed."""

from __future__ import annotations

import pytest

from tieraddin.actions.templates.new import list_templates
from tieraddin.hosts.excel import macros
from tieraddin.language import Language, say

from .calls import Calls
from .conftest import Job

LOCALES: dict[Language, str] = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}


@pytest.mark.parametrize("lang", LOCALES)
def test_a_question_is_one_row_of_texts(job: Job, lang: Language) -> None:
    """One row: VBA reads it as a list that begins with the kind; letters come whole."""
    calls = Calls()
    choice = calls.call("pressed", "template", "", module=macros.__name__)
    folder = calls.call("pressed", "convert", "customer-master", module=macros.__name__)
    refused = calls.call("pressed", "convert", "customer-master\nC:\\no such folder", module=macros.__name__)
    answers = [call["result"] for call in job(calls.made, LC_ALL=LOCALES[lang])["calls"]]
    choices = [text for one in list_templates() for text in (one["id"], one["name"][lang])]
    assert answers[choice] == ["choice", say("live.ask_template", lang), *choices]
    assert answers[folder] == ["folder", say("live.ask_folder", lang)]
    assert answers[refused] == say("convert.no_source", lang, source="C:\\no such folder")
