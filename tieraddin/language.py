"""What is said to people, in Chinese and in English.

Every sentence stands in ``tieraddin/locale/ROOM.toml``, both languages side by side::

    [no_such_file]
    en = "There is no file {file}. Check the name."
    zh = "找不到文件 {file}，请检查文件名。"

and is said by its id, ``say("workbooks.no_such_file", file=path)``. Where a sentence names an option of a command,
its twin ``[no_such_file_button]`` is what people are told who press buttons and type no commands.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_current: ContextVar[Language | None] = ContextVar("language", default=None)
_pressed: ContextVar[bool] = ContextVar("pressed", default=False)


def system_language() -> Language:
    """The language of the user's system: ``zh`` where its locale begins so, else ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    import locale

    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def language() -> Language:
    """The language now in use."""
    return _current.get() or system_language()


def use_language(lang: Language | None) -> None:
    """Speak ``lang`` from now on in this context; None goes back to the system's."""
    _current.set(lang)


@contextmanager
def by_button() -> Iterator[None]:
    """Within, what is said is said to people who pressed a button."""
    before = _pressed.set(True)
    try:
        yield
    finally:
        _pressed.reset(before)


@cache
def messages(room: str) -> dict[str, dict[str, str]]:
    """The sentences of one room: id -> language -> text."""
    return tomllib.loads(resources.files("tieraddin.locale").joinpath(f"{room}.toml").read_text("utf-8"))


class Phrase:
    """A sentence not yet said: a fact of another sentence, in whatever language that one is said."""

    __slots__ = ("facts", "key")

    def __init__(self, key: str, **facts: Any) -> None:
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return say(self.key, **self.facts)


def say(key: str, lang: Language | None = None, **facts: Any) -> str:
    """The sentence ``key`` ("room.id") in ``lang`` (default: the language in use), with its facts filled in."""
    lang = lang or language()
    room, _, name = key.partition(".")
    said = {k: say(v.key, lang, **v.facts) if isinstance(v, Phrase) else v for k, v in facts.items()}
    sentences = messages(room)
    twin = f"{name}_button"
    return sentences[twin if _pressed.get() and twin in sentences else name][lang].format(**said)


def listed(names: Iterable[object], most: int | None = None) -> str:
    """Names one after the other as the language in use lists them, the first ``most`` of them."""
    words = [str(name) for name in names]
    return say("language.between").join(words[:most]) + ("" if most is None or len(words) <= most else " …")
