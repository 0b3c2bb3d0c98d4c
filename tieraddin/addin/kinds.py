"""The kinds of arguments that functions take, as annotations: how a host offers each and how its cells are read.

>>> @udf("classes")
... def band(values: Numbers, edges: NumberList, labels: Labels, closed: Words = ("lower",)) -> Rows: ...
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias

from tieraddin.addin.blocks import Block, CallError, PassedOnError, first_error
from tieraddin.addin.rows import Field
from tieraddin.language import Language as Lang
from tieraddin.tables.coerce import Problem, as_texts, coerce
from tieraddin.tables.values import Cell, CellError, Column
from tieraddin.tables.words import FieldKind, folded

_SEPARATOR = re.compile(r"[,;、]")
_NEXT_OPTION = re.compile(r";(?=\s*\w+\s*=)")

LANGUAGE_WORDS: dict[str, Lang] = {
    **dict.fromkeys(("zh", "zhcn", "cn", "chinese", "中文", "汉语", "简体中文"), "zh"),
    **dict.fromkeys(("en", "enus", "english", "英文", "英语"), "en"),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of argument.

    Attributes
    ----------
    shape
        what a host offers for it: a range (or an array, or a value) or one value of a sort.
    read
        makes the argument of its cells; raises `CallError` or `PassedOnError`.
    """

    shape: Literal["range", "text", "number", "date"]
    read: Callable[[Block], Any]


def _whole(block: Block) -> Block:
    return block


def single(block: Block) -> Cell:
    """The only cell of ``block``, which must hold something."""
    if not block.is_single:
        raise CallError("#VALUE!", "one_cell")
    cell = block.cells[0]
    if isinstance(cell, CellError):
        raise PassedOnError(cell)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        raise CallError("#VALUE!", "missing")
    return cell


def read_text(block: Block) -> str:
    """The text of a cell; a number as it reads."""
    return texts_of([single(block)])[0]


def _one(kind: FieldKind, block: Block) -> Any:
    read = coerce(Column.of([single(block)]), kind)
    if read.problem[0] != Problem.OK:
        raise CallError("#VALUE!", f"not_a_{kind}")
    return read.values[0].item()


def _count(block: Block) -> int:
    return int(_one("number", block))  # what is behind the point is cut off, as Excel's own functions do


def _language(block: Block) -> Lang:
    word = read_text(block)
    if (key := folded(word)) not in LANGUAGE_WORDS:
        raise CallError("#VALUE!", "unknown_language", word=word)
    return LANGUAGE_WORDS[key]


def _typed(block: Block) -> Block:
    """A list typed in one text as a row of cells; ranges as they are."""
    text = block.cells[0]
    if not block.is_single or not isinstance(text, str) or isinstance(text, CellError):
        return block
    return Block.of([[part.strip() for part in _SEPARATOR.split(unicodedata.normalize("NFKC", text))]])


def _number_list(kind: FieldKind, block: Block) -> tuple[float, ...]:
    block = _typed(block)
    if error := first_error(block.cells):
        raise PassedOnError(error)
    read = coerce(block.column, kind)
    if (read.problem == Problem.WRONG).any():
        raise CallError("#VALUE!", "not_a_number")
    numbers = read.values[read.problem == Problem.OK].tolist()
    if not numbers:
        raise CallError("#VALUE!", "missing")
    return tuple(numbers)


def _labels(block: Block) -> tuple[Cell, ...]:
    block = _typed(block)
    if error := first_error(block.cells):
        raise PassedOnError(error)
    return tuple("" if cell is None else cell for cell in block.cells)


def _words(block: Block) -> tuple[str, ...]:
    return tuple(folded(str(label)) for label in _labels(block))


def _options(block: Block) -> tuple[tuple[str, str], ...]:
    """``crossing=out; cuts=0.7,0.9``, or rows of name and value."""
    if error := first_error(block.cells):
        raise PassedOnError(error)
    if block.is_single:
        text = unicodedata.normalize("NFKC", read_text(block))
        pairs = [part.partition("=")[::2] for part in _NEXT_OPTION.split(text) if part.strip(" ;")]
    elif block.width == 2:
        texts = [texts_of(row) for row in block.rows]
        pairs = [(name, value) for name, value in texts if name or value]
    else:
        raise CallError("#VALUE!", "options_shape")
    return tuple((name.strip(), value.strip(" ;")) for name, value in pairs)


def texts_of(cells: Sequence[Cell]) -> list[str]:
    """Each cell as text, blank ones and errors as ``""``."""
    if set(map(type, cells)) == {str}:
        return [str(cell).strip() for cell in cells]
    codes, texts = as_texts(Column.of(cells))
    return [*map([*texts, ""].__getitem__, codes.tolist())]


def _model(block: Block) -> str | Block:
    return read_text(block) if block.is_single else block


Range: TypeAlias = Annotated[Block, Kind("range", _whole)]
Numbers: TypeAlias = Annotated[Field, Kind("range", partial(Field, kind="number"))]
Dates: TypeAlias = Annotated[Field, Kind("range", partial(Field, kind="date"))]
Flags: TypeAlias = Annotated[Field, Kind("range", partial(Field, kind="flag"))]
Texts: TypeAlias = Annotated[Field, Kind("range", partial(Field, kind="text"))]
NumberList: TypeAlias = Annotated[tuple[float, ...], Kind("range", partial(_number_list, "number"))]
ShareList: TypeAlias = Annotated[tuple[float, ...], Kind("range", partial(_number_list, "share"))]
Labels: TypeAlias = Annotated[tuple[Cell, ...], Kind("range", _labels)]
Words: TypeAlias = Annotated[tuple[str, ...], Kind("range", _words)]
Options: TypeAlias = Annotated[tuple[tuple[str, str], ...], Kind("range", _options)]
ModelName: TypeAlias = Annotated[str | Block, Kind("range", _model)]
Text: TypeAlias = Annotated[str, Kind("text", read_text)]
Language: TypeAlias = Annotated[Lang, Kind("text", _language)]
Count: TypeAlias = Annotated[int, Kind("number", _count)]
