"""The commands that make workbooks of our templates: a new one, or a folder of customer lists turned into them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tieraddin.actions.templates.new import list_templates, new_template
from tieraddin.hosts.asked import Answer, Asked, Opening, Question
from tieraddin.language import language, say


def new(asked: Asked) -> Answer:
    """A new workbook of a template, before the person; asks of which."""
    template = _template(asked)
    if template is None:
        return Question(say("live.ask_template"), "choice", _titles())
    file = Path(tempfile.mkdtemp(prefix="tieraddin-")) / f"{dict(_titles())[template]}.xlsx"
    new_template(template, file)
    return Opening(file, untitled=True)


def _titles() -> tuple[tuple[str, str], ...]:
    return tuple((template["id"], template["name"][language()]) for template in list_templates())


def _template(asked: Asked) -> str | None:
    """The template that was chosen."""
    return next((answer for answer in asked.answers[:1] if answer in dict(_titles())), None)
