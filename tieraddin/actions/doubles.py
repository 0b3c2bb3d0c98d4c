"""Rows that may be one customer: found by number, then by name as companies write it; what a person decided of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tieraddin.language import LANGUAGES, say
from tieraddin.tables.coerce import as_texts
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Column
from tieraddin.tables.words import alike
from tieraddin.templates.build import FIRST_ROW, HEADER_ROW
from tieraddin.templates.source import TemplateSheet
from tieraddin.workbooks.reading import open_to_read

IDS = ("number", "customer")
"""The columns by which a customer is found again: the number first, then the name."""
_CHINESE = re.compile(r"(?<=.)(?:股份|责任|有限|公司|株式会社)+$")
_ENGLISH = frozenset({
    "co", "company", "corp", "corporation", "inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "gmbh",
    "ag", "kg", "sarl", "srl", "spa", "sa", "bv", "nv", "oy", "ab", "as", "pty", "pte", "sdn", "bhd", "kk",
})  # fmt: skip
"""What companies' names end with, whatever the company."""
_MARKS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
"""Marks that make no difference: all but those between digits, where 1-11 is not 11-1."""
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")


Line = tuple[str, ...]
"""A row as it is known again: by what it was found, the name of its file, its number, its name."""


@dataclass(frozen=True, slots=True)
class Doubles:
    """Rows that may be one customer: positions, the column by which, and what they have in common."""

    by: str
    value: str
    rows: list[int]


def normalised(name: str) -> str:
    """A customer's name as it is compared: without width, case, spaces, marks, and what companies end with.

    ``ＡＣＭＥ（上海）有限公司`` and ``Acme 上海`` are one; so are ``Acme Co., Ltd.`` and ``ACME``.
    """
    text = _INITIALS.sub(r"\1", unicodedata.normalize("NFKC", name).casefold())
    words = [word for word in _MARKS.split(text) if word]
    while len(words) > 1 and words[-1] in _ENGLISH:
        words.pop()
    return _CHINESE.sub("", "".join(words)) or alike(name)


def doubles(columns: Mapping[str, Column]) -> list[Doubles]:
    """Rows that may be one customer: by the same number, then by the same name where not all have one number."""
    found: list[Doubles] = []
    together: set[tuple[int, ...]] = set()
    for key, compared in zip(IDS, (alike, normalised), strict=True):
        if key not in columns:
            continue
        codes, texts = as_texts(columns[key])
        names = [compared(text) for text in texts]
        groups: dict[str, list[int]] = {}
        for i, code in enumerate(codes.tolist()):
            if code >= 0 and names[code]:
                groups.setdefault(names[code], []).append(i)
        for rows in groups.values():
            if len(rows) > 1 and tuple(rows) not in together:
                together.add(tuple(rows))
                found.append(Doubles(key, texts[codes[rows[0]]], rows))
    return found


def repeated(columns: Mapping[str, Column]) -> tuple[int, int]:
    """How many customers stand in more than one row under the very same name (or number), and in how many rows."""
    named = next((columns[key] for key in reversed(IDS) if key in columns), Column.blank(0))
    codes, _ = as_texts(named)
    counts = np.bincount(codes[codes >= 0])
    return int((counts > 1).sum()), int(counts[counts > 1].sum())


class Decisions:
    """What a person wrote beside the rows of a list of doubles: keep, drop, or a note of their own.

    Rows are known again by their file, number and name, not by their place, so that a source may change in between. A
    file is known by its name alone, so that folders may move; where two have one name, by all of its path.
    """

    def __init__(self, written: Mapping[Line, Sequence[str]] | None = None) -> None:
        self._written = {line: list(texts) for line, texts in (written or {}).items()}
        self._words = {
            word: {alike(say(f"convert.word_{word}", lang)) for lang in LANGUAGES} for word in ("keep", "drop")
        }

    @classmethod
    def read(cls, path: Path, sheet: TemplateSheet) -> Decisions:
        """Those of a merged workbook of an earlier run, none where there is no such file or no list in it.

        Raises
        ------
        WorkbookRefused
            a file that can't be read.
        """
        found: defaultdict[Line, list[str]] = defaultdict(list)
        if not path.is_file():
            return cls()
        with open_to_read(path) as book:
            for lang in LANGUAGES:
                name = say("templates.duplicates", lang)
                used = book.used_range(name) if name in book.sheet_names else None
                if used is None or used.last_row < FIRST_ROW:
                    continue
                heads = book.read(name, str(Area(HEADER_ROW, 1, HEADER_ROW, used.last_column)))[0]
                labels = [sheet.header(column, lang) for key in IDS for column in sheet.columns if column.key == key]
                wanted = [*(say(f"convert.merged_{key}", lang) for key in ("by", "file")), *labels]
                by = {say(f"convert.by_{key}", lang): key for key in IDS}
                for row in book.read(name, str(Area(FIRST_ROW, 1, used.last_row, used.last_column))):
                    cells = dict(zip(heads, row, strict=True))
                    same, file, *identity = (text_of(cells.get(header)) for header in wanted)
                    decision = text_of(cells.get(say("convert.merged_decision", lang)))
                    found[by.get(same, ""), file, *identity].append(decision)
        return cls(found)

    def of(self, groups: Iterable[Doubles], files: Sequence[str], columns: Mapping[str, Column]) -> list[list[str]]:
        """What is written beside each row of each group, "" for nothing; ``files`` says where each row is from."""
        paths = (set(files), {file for _, file, *_ in self._written})
        shared = {name for each in paths for name, n in Counter(Path(file).name for file in each).items() if n > 1}

        def known(file: str) -> str:
            return file if Path(file).name in shared else Path(file).name

        left: defaultdict[Line, list[str]] = defaultdict(list)
        for (by, file, *rest), texts in self._written.items():
            left[by, known(file), *rest] += texts
        identity = [columns[key] for key in IDS if key in columns]

        def written(by: str, i: int) -> str:
            line = (by, known(files[i]), *(text_of(column[i]) for column in identity))
            return left[line].pop(0) if left[line] else ""

        return [[written(group.by, i) for i in group.rows] for group in groups]

    def says(self, text: str, word: str) -> bool:
        """Whether a text says keep or drop (``word``), in either language."""
        return alike(text) in self._words[word]

    def decided(self, texts: Iterable[str]) -> bool:
        """Whether of all rows of a group it is said if they stay."""
        return all(self.says(text, "keep") or self.says(text, "drop") for text in texts)


def text_of(cell: object) -> str:
    """A cell as a text."""
    return "" if cell is None else str(cell).strip()
