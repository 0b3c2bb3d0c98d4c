"""The documents say what the product does, and the README's commands are those that CI runs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from tests.models.conftest import MODELS

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "docs" / "README.zh.md"]


def test_pages_made_from_the_code_are_up_to_date() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "build.py"))["PAGES"]
    stale = [name for name, page in pages.items() if (ROOT / "docs" / name).read_text("utf-8") != page()]
    assert not stale, f"run python docs/build.py: {stale}"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_names_only_commands_and_options_that_exist(readme: Path) -> None:
    pages = (ROOT / "docs" / "commands.md").read_text("utf-8")
    known = set(re.findall(r"`(--?[a-z-]+)`", pages)) | {"--version"}
    commands = set(re.findall(r"^## tieraddin (\w+)", pages, re.MULTILINE))
    text = readme.read_text("utf-8")
    used = [line for line in re.findall(r"tieraddin ([a-z]+ [^`\n#]*)", text) if line.split()[0] in commands | {"demo"}]
    assert used
    for line in used:
        for option in re.findall(r"(?<!\S)(--?[a-z][a-z-]*)", line):
            assert option in known, f"{option} in: tieraddin {line}"


def test_the_readme_lists_every_model() -> None:
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert set(MODELS) == listed - {"id"}


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = [
        line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("python3 -m venv")
    ]
    assert len(commands) == 2
    assert commands[1].endswith(".venv/bin/pytest")
    assert 'grep -m1 "^python3 -m venv .*pytest$" README.md' in (ROOT / ".ci" / "run").read_text("utf-8")


def test_links_within_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
