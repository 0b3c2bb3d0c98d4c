"""The main job on a sample workbook, for a first look."""

from __future__ import annotations

import datetime as dt
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

from tieraddin.actions.files import retier_file
from tieraddin.actions.output import check_folder
from tieraddin.actions.rules import Rules
from tieraddin.errors import UsageError
from tieraddin.language import language

SAMPLE = {"en": "sample-customers.xlsx", "zh": "sample-customers.zh.xlsx"}
DAY = dt.date(2026, 11, 20)
"""The day for which the sample is written: its dates lie before it."""


def run_demo(folder: Path) -> dict[str, Any]:
    """Copy the sample workbook into ``folder`` and re-tier it beside the copy.

    Raises
    ------
    TableRefused
        ``folder`` is no folder.
    UsageError
        there is a file of the sample's name already.
    """
    check_folder(folder)
    name = SAMPLE[language()]
    sample = folder / name
    if not sample.exists():
        with resources.as_file(resources.files("workbook_templates") / name) as shipped:
            shutil.copyfile(shipped, sample)
    elif sample.read_bytes() != (resources.files("workbook_templates") / name).read_bytes():
        raise UsageError("actions.output_exists", file=sample)
    return retier_file(sample, Rules.of("value-abc", cadence="followup-duty", as_of=DAY)) | {"input": str(sample)}
