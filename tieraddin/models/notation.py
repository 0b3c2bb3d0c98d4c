"""How a key and a value of a model are written in one line of text or in one cell.

A key is a path such as ``steps.1.cuts``: list entries count from 1, and a part that is not a plain word stands in
quotes, as in TOML. What a value may be is known from the schema, so that ``A, B, C`` is a list where a list belongs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, TypeAlias

from tieraddin.models.schema import Model

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions (from 0) that lead to a value."""
Kinds: TypeAlias = frozenset[str]
"""What a value may be: text, number, flag, texts (a list), numbers (a list)."""

FLAGS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
NO_KINDS: Kinds = frozenset()
TEXT: Kinds = frozenset({"text"})
NUMBER: Kinds = frozenset({"number"})

_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|[^."\s]+')
_TYPES = {"string": "text", "number": "number", "integer": "number", "boolean": "flag"}
_SEPARATORS = re.compile(r"[,，、;；]")


def canonical(data: Any) -> str:
    """The content of ``data`` as one text: the same for 5 and 5.0, and whatever the order of keys."""
    return json.dumps(_plain_numbers(data), sort_keys=True, ensure_ascii=False, default=str)


def _plain_numbers(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain_numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain_numbers(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


# ------------------------------------------------------------ keys


def key_text(path: KeyPath) -> str:
    """A path as people write it: ``("steps", 0, "cuts")`` is ``steps.1.cuts``."""
    return ".".join(str(part + 1) if isinstance(part, int) else _key_part(part) for part in path)


def _key_part(part: str) -> str:
    plain = re.fullmatch(r"[\w$-]+", part) and not re.fullmatch(r"[0-9]+", part)
    return part if plain else json.dumps(part, ensure_ascii=False)


def key_path(text: str) -> KeyPath:
    """The path that a key text names; `ValueError` where it is not one."""
    parts = _KEY.findall(text)
    if not parts or ".".join(parts) != text.strip():
        raise ValueError(text)
    return tuple(_path_part(part) for part in parts)


def _path_part(part: str) -> str | int:
    if part.startswith('"'):
        return str(json.loads(part))
    if not re.fullmatch(r"[0-9]+", part):
        return part
    if int(part) < 1:
        raise ValueError(part)
    return int(part) - 1


def leaves(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every single value of ``data`` with its path; a list is one value unless it holds tables."""
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list) and any(isinstance(value, dict) for value in data):
        for i, value in enumerate(data):
            yield from leaves(value, (*path, i))
    else:
        yield path, data


# ------------------------------------------------------------ values


@lru_cache(10_000)
def kinds_at(path: KeyPath) -> Kinds:
    """What the value at ``path`` of a model may be; none where the schema leaves it open."""
    return frozenset(kind for node in _nodes_at(path) for kind in _kinds_of(node))


def words_at(path: KeyPath) -> list[str]:
    """The words that may stand at ``path``, where the schema lists them; else none."""
    words = [word for node in _nodes_at(path) for word in node.get("enum", [node["const"]] if "const" in node else [])]
    return list(dict.fromkeys(words))


def _nodes_at(path: KeyPath) -> list[Mapping[str, Any]]:
    """The schemas of what may stand at ``path``."""
    nodes = list(_open(_schema()))
    for part in path:
        nodes = [below for node in nodes for inner in _inside(node, part) for below in _open(inner)]
    return nodes


@cache
def _schema() -> dict[str, Any]:
    return Model.model_json_schema()


def _open(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas that ``node`` stands for: what it refers to, each of its alternatives."""
    if "$ref" in node:
        yield from _open(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
    elif alternatives := node.get("anyOf") or node.get("oneOf"):
        for alternative in alternatives:
            yield from _open(alternative)
    else:
        yield node


def _inside(node: Mapping[str, Any], part: str | int) -> list[Mapping[str, Any]]:
    if isinstance(part, int):
        inner = [*node.get("prefixItems", [])[part : part + 1], node.get("items")]
    elif part in node.get("properties", {}):
        inner = [node["properties"][part]]
    else:
        inner = [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
    return [schema for schema in inner if isinstance(schema, dict)]


def _kinds_of(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("type") == "array":
        for part in [*node.get("prefixItems", []), node.get("items")]:
            for item in _open(part) if isinstance(part, dict) else ():
                yield "texts" if item.get("type") == "string" else "numbers"
    elif node.get("type") in _TYPES:
        yield _TYPES[node["type"]]


def decode(kinds: Kinds, cell: Any) -> Any:
    """The value that ``cell`` writes, None for a blank one; what can't be read as ``kinds`` stays as it is."""
    if isinstance(cell, str):
        return _from_text(kinds, cell.strip())
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return cell
    number = int(cell) if float(cell).is_integer() else float(cell)
    if kinds & {"number", "numbers"} or not kinds:
        return [number] if kinds == {"numbers"} else number
    return [str(number)] if kinds == {"texts"} else str(number)


def _from_text(kinds: Kinds, text: str) -> Any:
    if not text:
        return None
    if text[0] == '"' or (text[0] in "[{" and kinds != {"text"}):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            pass
    if "flag" in kinds and text.casefold() in FLAGS:
        return FLAGS[text.casefold()]
    if "number" in kinds and (number := _number(text)) is not None:
        return number
    if kinds & {"texts", "numbers"} and not text.startswith("$"):
        return _list(kinds, text)
    return text


def _list(kinds: Kinds, text: str) -> Any:
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    if "numbers" in kinds:
        rows = [[_number(part) for part in re.split("[,，、]", row)] for row in re.split("[;；]", text)]
        if not any(number is None for row in rows for number in row):
            return rows if len(rows) > 1 else rows[0]
    if "text" in kinds and len(parts) == 1:
        return text
    return parts


def _number(text: str) -> int | float | None:
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        number = float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def plain(kinds: Kinds, value: Any) -> Any:
    """The cell that people would write for ``value``, None where it could be misread."""
    cell = value
    if isinstance(value, list):
        nested = any(isinstance(row, list) for row in value)
        cell = "; ".join(map(_joined, value)) if nested else _joined(value)
    return cell if canonical(decode(kinds, cell)) == canonical(value) else None


def _joined(values: Any) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)


def cell_of(kinds: Kinds, value: Any) -> Any:
    """The cell that people would write for ``value``, or else as JSON, which can't be misread."""
    cell = plain(kinds, value)
    return json.dumps(value, ensure_ascii=False) if cell is None else cell
