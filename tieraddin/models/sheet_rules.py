"""Conditions as rows of a sheet: one row a comparison, with the path of groups that it stands in.

``all > any 1`` is the first any-of within an all-of; ``all > 2 of 1`` the first group there of which two must hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from tieraddin.language import LANGUAGES, Language, listed, say
from tieraddin.models.notation import (
    NUMBER,
    TEXT,
    KeyPath,
    Kinds,
    canonical,
    cell_of,
    decode,
    key_path,
    key_text,
    kinds_at,
    leaves,
)
from tieraddin.models.sheet_grid import TESTS, Draft, Row, SheetCell, need, options_said, plain_word, refuse, words

GROUPS = ("all", "any", "of", "not")
FieldKinds = Mapping[str, str]
"""The kind of each field of the model, by name."""

_OPERAND = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?)(?:\s*([+\-＋－])\s*(\S+))?")

Line = dict[str, Any]


# ------------------------------------------------------------ a model to rows


def lines_of(data: Any, lang: Language) -> Iterator[tuple[KeyPath, list[Line]]]:
    """The conditions of a model, each as the path of its ``when`` and its rows."""
    kinds = {field["name"]: field["kind"] for field in data.get("fields", [])}
    for base in dict.fromkeys(path[: path.index("when")] for path, _ in leaves(data) if "when" in path):
        part = data
        for step in base:
            part = part[step]
        in_ladder = len(base) == 4 and base[0] == "steps" and base[2] == "rules"
        if in_ladder:
            step = data["steps"][base[1]].get("id", "grade")
            head = {"step": step, "rule": int(base[3]) + 1, "grade": cell_of(TEXT, part["grade"])}
        else:
            head = {"step": key_text(base)}
        if isinstance(part["when"], dict):
            lines = [head | line for line in _lines(part["when"], "", lang, kinds)]
            if _says_the_same(lines, part["when"], kinds):
                yield base, lines


def _lines(condition: Any, nesting: str, lang: Language, kinds: FieldKinds) -> Iterator[Line]:
    kind = next((kind for kind in GROUPS if kind in condition), None)
    if kind is None:
        test = next((test for test in TESTS if test in condition), "is")
        word = say(f"models.sheet_test_{test}", lang)
        yield {
            "nesting": nesting or None, "field": condition.get("field"), "test": word,
            "value": _value_cell(condition.get(test), _kinds(test, condition.get("field"), kinds)),
        }  # fmt: skip
        return
    name = say(f"models.sheet_group_{kind}", lang, k=condition.get("at_least_k"))
    parts = [condition["not"]] if kind == "not" else condition[kind]
    seen: Counter[str] = Counter()
    for part in parts:
        here = f"{nesting} > {name}" if nesting else name
        inner = next((kind for kind in GROUPS if kind in part), None)
        if inner:
            seen[inner] += 1
        yield from _numbered(part, here, seen[inner] if inner else 0, lang, kinds)


def _numbered(part: Any, nesting: str, number: int, lang: Language, kinds: FieldKinds) -> Iterator[Line]:
    """The rows of a part; where it is a group, it is the ``number``-th of its kind there."""
    depth = nesting.count(" > ") + 1 if nesting else 0
    for line in _lines(part, nesting, lang, kinds):
        if number:
            groups = line["nesting"].split(" > ")
            groups[depth] += f" {number}"
            line["nesting"] = " > ".join(groups)
        yield line


def _kinds(test: str, field: Any, kinds: FieldKinds) -> Kinds:
    """What the value of a test may be: yes and no mean true and false only where a flag may stand."""
    allowed = kinds_at(("warnings", 0, "when", test))
    return allowed - {"flag"} if test == "is" and kinds.get(field, "flag") != "flag" else allowed


def _value_cell(value: Any, kinds: Kinds) -> Any:
    if isinstance(value, dict):
        plus = value.get("plus")
        if plus is None:
            return value.get("field")
        sign = "-" if isinstance(plus, (int, float)) and plus < 0 else "+"
        return f"{value.get('field')} {sign} {abs(plus) if isinstance(plus, (int, float)) else plus}"
    return cell_of(kinds, value)


def _says_the_same(lines: list[Line], condition: Any, kinds: FieldKinds) -> bool:
    draft = Draft("")
    rule = Rule((), draft, kinds)
    for line in lines:
        rule.add({column: SheetCell(value, "") for column, value in line.items() if value is not None})
    return canonical(draft.data()["when"]) == canonical(condition)


# ------------------------------------------------------------ rows to a model


def read_conditions(rows: list[Row], draft: Draft) -> None:
    """Put the conditions of a sheet's rows into ``draft``, which already holds the steps."""
    steps = _step_numbers(draft)
    named = {path[1]: name for path, name in draft.values.items() if path[0] == "fields" and path[2:] == ("name",)}
    kinds = {name: str(draft.values.get(("fields", i, "kind"))) for i, name in named.items()}
    rules: dict[KeyPath, Rule] = {}
    for row in rows:
        with draft.noting():
            base = _base(row, steps, draft.where)
            _put_grade(base, row, draft)
            rules.setdefault(base, Rule(base, draft, kinds)).add(row)


def _put_grade(base: KeyPath, row: Row, draft: Draft) -> None:
    """Note the grade of a rule; its other rows repeat it or leave it out."""
    if "grade" not in row:
        return
    grade = decode(TEXT, row["grade"].value)
    if (*base, "grade") not in draft.values:
        draft.put((*base, "grade"), grade, row["grade"].at)
    elif draft.values[(*base, "grade")] != grade:
        refuse(draft.where, row["grade"].at, "sheet_two_grades", other=draft.cells[(*base, "grade")])


def _step_numbers(draft: Draft) -> dict[str, int]:
    numbers = sorted({path[1] for path in draft.values if path[0] == "steps" and isinstance(path[1], int)})
    return {draft.values.get(("steps", number, "id"), "grade"): number for number in numbers}


def _base(row: Row, steps: dict[str, int], where: str) -> KeyPath:
    """Where the condition of ``row`` belongs: a rule of a step, or the place that the step column spells out."""
    step = str(row["step"].value).strip()
    if step in steps:
        rule = decode(NUMBER, need(row, "rule", where).value)
        if not isinstance(rule, int) or rule < 1:
            refuse(where, row["rule"].at, "sheet_rule_number", value=row["rule"].value)
        return ("steps", steps[step], "rules", rule - 1)
    try:
        path = key_path(step)
    except ValueError:
        path = ()
    if len(path) < 2:
        refuse(where, row["step"].at, "sheet_unknown_step", step=step, known=listed(steps) or "-")
    return path


class Group(NamedTuple):
    """A group of conditions, as a cell names it: ``2 of 1`` is the first one of which two must hold."""

    kind: str
    k: str = ""
    number: str = ""


class Rule:
    """One condition being put together, row by row."""

    def __init__(self, base: KeyPath, draft: Draft, kinds: FieldKinds) -> None:
        self.draft = draft
        self.kinds = kinds
        self.places: dict[tuple[Group, ...], KeyPath] = {(): (*base, "when")}
        self.filled: Counter[tuple[Group, ...]] = Counter()

    def add(self, row: Row) -> None:
        """Take in one comparison."""
        where = self.draft.where
        at = row["nesting"].at if "nesting" in row else row["step"].at
        groups: tuple[Group, ...] = ()
        for name in re.split("[>＞→]", str(row["nesting"].value)) if "nesting" in row else []:
            group = _group(name)
            if group is None:
                refuse(where, at, "sheet_group", group=name.strip(), known=_groups_said())
            if (*groups, group) not in self.places:
                self._open(groups, group, at)
            groups = (*groups, group)
        path = self._next(groups, at)
        for column in ("field", "test", "value"):
            need(row, column, where)
        test = words("sheet_test", TESTS).get(plain_word(row["test"].value))
        if test is None:
            known = options_said("sheet_test", TESTS)
            refuse(where, row["test"].at, "sheet_test", test=row["test"].value, known=known)
        field = str(row["field"].value).strip()
        self.draft.put((*path, "field"), field, row["field"].at)
        value = _value_of(test, decode(_kinds(test, field, self.kinds), row["value"].value))
        for inner, part in leaves(value, (*path, test)):
            self.draft.put(inner, part, row["value"].at)

    def _open(self, outer: tuple[Group, ...], group: Group, at: str) -> None:
        path = self._next(outer, at)
        if group.kind == "of":
            self.draft.put((*path, "at_least_k"), decode(NUMBER, group.k), at)
        self.places[(*outer, group)] = (*path, group.kind)

    def _next(self, groups: tuple[Group, ...], at: str) -> KeyPath:
        """The place of the next part of a group: one only for the rule itself and for a not."""
        self.filled[groups] += 1
        if groups and groups[-1].kind != "not":
            return (*self.places[groups], self.filled[groups] - 1)
        if self.filled[groups] > 1:
            refuse(self.draft.where, at, "sheet_one_condition")
        return self.places[groups]


def _group(text: str) -> Group | None:
    parts = text.split()
    number = parts.pop() if len(parts) > 1 and parts[-1].isdigit() else ""
    word = plain_word("".join(parts))
    for kind, pattern in _group_patterns():
        if match := re.fullmatch(pattern, word):
            return Group(kind, "".join(match.groups()), number)
    return None


@cache
def _group_patterns() -> list[tuple[str, str]]:
    said = [(kind, say(f"models.sheet_group_{kind}", lang, k="\0")) for kind in GROUPS for lang in LANGUAGES]
    return [(kind, re.escape(plain_word(word)).replace("\0", "(.+)")) for kind, word in said]


def _groups_said() -> str:
    return ", ".join(say(f"models.sheet_group_{kind}", lang, k=2) for lang in LANGUAGES for kind in GROUPS)


def _value_of(test: str, value: Any) -> Any:
    """The value of a test; for one against a number, a word is another field and perhaps so much more."""
    if test != "is" and isinstance(value, str) and (operand := _OPERAND.fullmatch(value)):
        field, sign, plus = operand.groups()
        if sign is None:
            return {"field": field}
        number = decode(NUMBER, plus)
        return {"field": field, "plus": -number if sign in "-－" and not isinstance(number, str) else number}
    return value
