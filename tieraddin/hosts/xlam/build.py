"""``tieraddin.xlam``: VBA, texts and ribbon put together; no Excel, no Windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tieraddin.actions.output import check_folder, write_whole
from tieraddin.hosts.xlam.package import Sheet, package
from tieraddin.hosts.xlam.project import vba_project
from tieraddin.hosts.xlam.ribbon import controls, layout, ribbons
from tieraddin.hosts.xlam.sources import modules
from tieraddin.hosts.xlam.wrappers import MODULE
from tieraddin.language import LANGUAGES, say
from tieraddin.models.load import CATALOGUE, read_model_file
from tieraddin.models.sheet import SHEET
from udfs import FUNCTIONS

IN_VBA = ("answers", "no_server", "no_workbook", "others", "python_error", "speaks")
"""What the VBA itself says of ``locale/xlam.toml``."""
SETTINGS = {"UDF MODULES": MODULE, "USE UDF SERVER": "True"}
"""Settings of xlwings; the interpreter is the user's own (``.tieraddin/tieraddin.conf`` in the user's folder)."""


def build_addin(path: Path) -> Path:
    """Write the add-in to ``path``: the same bytes for the same release of tieraddin and xlwings.

    Raises
    ------
    TieraddinError
        no such folder; a release of xlwings whose VBA is not the one that we know.
    """
    check_folder(path.parent)
    write_whole(path, addin())
    return path


def addin() -> bytes:
    """The add-in file."""
    project = vba_project(modules(tuple(sheet.code_name for sheet in SHEETS)))
    return package("tieraddin", project, SHEETS, ribbons())


def _settings() -> Sheet:
    """What xlwings reads first; its first row is a setting, too."""
    return Sheet("tieraddin.conf", "SettingsSheet", list(SETTINGS.items()), (20, 40))


def _words() -> Sheet:
    ids = [*IN_VBA, "label_tier_tab"]
    for group in layout():
        ids.append(f"label_{group['id']}")
        for button in controls(group):
            ids += [f"label_{button['id']}", f"tip_{button['id']}"]
    rows = [(id_, *(say(f"xlam.{id_}", lang, detail="{detail}") for lang in LANGUAGES)) for id_ in ids]
    return Sheet("words", "WordsSheet", [("id", *LANGUAGES), *rows], (20, 60, 60))


def _help() -> Sheet:
    """A row a function, and one for each of its arguments."""
    heads = (" / ".join(say(key, lang) for lang in LANGUAGES) for key in ("xlam.head_function", "xlam.head_argument"))
    told = (say("xlam.head_told", lang) for lang in LANGUAGES)
    return Sheet("help", "HelpSheet", [(*heads, *told), *_help_rows()], (26, 44, 70, 70))


def _help_rows() -> Iterator[tuple[str, ...]]:
    for function in sorted(FUNCTIONS.values(), key=lambda function: function.name):
        yield function.name, function.signature, *map(function.help, LANGUAGES)
        for argument in function.arguments:
            yield function.name, argument.name, *(function.argument_help(argument, lang) for lang in LANGUAGES)


def _models() -> Sheet:
    """What the list of models shows; the first is none of them."""
    files = sorted(Path(str(file)) for file in CATALOGUE.iterdir() if file.name.endswith(".toml"))
    models = [read_model_file(file).model for file in files]
    none = ("", *(say("xlam.none_picked", lang) for lang in LANGUAGES))
    own = ("sheet", *(say("xlam.model_on_sheet", lang, sheet=SHEET) for lang in LANGUAGES))
    named = [(model.id, *(f"{model.name[lang]} ({model.id})" for lang in LANGUAGES)) for model in models]
    return Sheet("models", "ModelsSheet", [none, *named, own], (24, 40, 40))


SHEETS = (_settings(), _words(), _help(), _models())
