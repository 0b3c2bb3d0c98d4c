"""The language that a person chose in the menu, in place of that of LibreOffice; kept in a file beside their models."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tieraddin.language import LANGUAGES, Language, use_language
from tieraddin.models.load import user_folder


def spoken(lang: Language) -> Language:
    """The language that the person chose, else ``lang``."""
    return _chosen() or lang


def choose(lang: str) -> None:
    """Speak ``lang`` from now on; anything that is no language goes back to that of LibreOffice."""
    file = _file()
    if lang in LANGUAGES:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(lang, "utf-8")
        use_language(lang)
    else:
        file.unlink(missing_ok=True)
    _chosen.cache_clear()


@cache
def _chosen() -> Language | None:
    try:
        text = _file().read_text("utf-8").strip()
    except OSError:
        return None
    return text if text in LANGUAGES else None


def _file() -> Path:
    return user_folder().parent / "calc-language.txt"
