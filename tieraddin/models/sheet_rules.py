"""Conditions as rows of a sheet: one row a comparison, with the path of groups that it stands in.

``all > any 1`` is the first any-of within an all-of; ``all > 2 of 1`` the first group there of which two must hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tieraddin.language import LANGUAGES, Language, say
from tieraddin.models.notation import KeyPath, canonical, decode, key_path, key_text, kinds_at, leaves, literal, plain
from tieraddin.models.sheet_grid import TESTS, Draft, Row, SheetCell, need, options_said, plain_word, refuse, words

GROUPS = ("all", "any", "of", "not")
KINDS_OF_TEST = {test: kinds_at(("warnings", 0, "when", test)) for test in TESTS}

_OPERAND = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?)(?:\s*([+\-＋－])\s*(\S+))?")

Line = dict[str, Any]


# ------------------------------------------------------------ a model to rows


def lines_of(data: Any, lang: Language) -> Iterator[tuple[KeyPath, list[Line]]]:
    """The conditions of a model, each as the path of its ``when`` and its rows."""
    for base in dict.fromkeys(path[: path.index("when")] for path, _ in leaves(data) if "when" in path):
        part = data
        for step in base:
            part = part[step]
        in_ladder = len(base) == 4 and base[0] == "steps" and base[2] == "rules"
        if in_ladder:
            step = data["steps"][base[1]].get("id", "grade")
            head = {"step": step, "rule": int(base[3]) + 1, "grade": plain(kinds_at((*base, "grade")), part["grade"])}
        else:
            head = {"step": key_text(base)}
        if isinstance(part["when"], dict):
            lines = [head | line for line in _lines(part["when"], "", lang)]
            if _says_the_same(lines, part["when"]):
                yield base, lines


def _lines(condition: Any, nesting: str, lang: Language) -> Iterator[Line]:
    kind = next((kind for kind in GROUPS if kind in condition), None)
    if kind is None:
        test = next((test for test in TESTS if test in condition), "is")
        word = say(f"models.sheet_test_{test}", lang)
        yield {
            "nesting": nesting or None, "field": condition.get("field"), "test": word,
            "value": _value_cell(test, condition.get(test)),
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
        yield from _numbered(part, here, seen[inner] if inner else 0, lang)


def _numbered(part: Any, nesting: str, number: int, lang: Language) -> Iterator[Line]:
    """The rows of a part; where it is a group, it is the ``number``-th of its kind there."""
    depth = nesting.count(" > ") + 1 if nesting else 0
    for line in _lines(part, nesting, lang):
        if number:
            groups = line["nesting"].split(" > ")
            groups[depth] += f" {number}"
            line["nesting"] = " > ".join(groups)
        yield line


def _value_cell(test: str, value: Any) -> Any:
    if isinstance(value, dict):
        plus = value.get("plus")
        if plus is None:
            return value.get("field")
        sign = "-" if isinstance(plus, (int, float)) and plus < 0 else "+"
        return f"{value.get('field')} {sign} {abs(plus) if isinstance(plus, (int, float)) else plus}"
    cell = plain(KINDS_OF_TEST[test], value)
    return literal(value) if cell is None else cell


def _says_the_same(lines: list[Line], condition: Any) -> bool:
    draft = Draft("")
    rule = Rule((), draft)
    for line in lines:
        rule.add({column: SheetCell(value, "") for column, value in line.items() if value is not None})
    return canonical(draft.data()["when"]) == canonical(condition)


# ------------------------------------------------------------ rows to a model


def read_conditions(rows: list[Row], draft: Draft) -> None:
    """Put the conditions of a sheet's rows into ``draft``, which already holds the steps."""
    steps = _step_numbers(draft)
    rules: dict[KeyPath, Rule] = {}
    for row in rows:
        base = _base(row, steps, draft.where)
        if "grade" in row:
            grade = decode(kinds_at((*base, "grade")), row["grade"].value)
            if draft.values.get((*base, "grade"), grade) != grade:
                other = draft.cells[(*base, "grade")]
                refuse(draft.where, row["grade"].at, "sheet_two_grades", other=other)
            if (*base, "grade") not in draft.values:
                draft.put((*base, "grade"), grade, row["grade"].at)
        rules.setdefault(base, Rule(base, draft)).add(row)


def _step_numbers(draft: Draft) -> dict[str, int]:
    numbers = sorted({path[1] for path in draft.values if path[0] == "steps" and isinstance(path[1], int)})
    return {draft.values.get(("steps", number, "id"), "grade"): number for number in numbers}


def _base(row: Row, steps: dict[str, int], where: str) -> KeyPath:
    """Where the condition of ``row`` belongs: a rule of a step, or the place that the step column spells out."""
    step = str(row["step"].value).strip()
    if step in steps:
        rule = decode(frozenset({"number"}), need(row, "rule", where).value)
        if not isinstance(rule, int) or rule < 1:
            refuse(where, row["rule"].at, "sheet_rule_number", value=row["rule"].value)
        return ("steps", steps[step], "rules", rule - 1)
    try:
        path = key_path(step)
    except ValueError:
        path = ()
    if len(path) < 2:
        refuse(where, row["step"].at, "sheet_unknown_step", step=step, known=", ".join(steps) or "-")
    return path


class Rule:
    """One condition being put together, row by row."""

    def __init__(self, base: KeyPath, draft: Draft) -> None:
        self.draft = draft
        self.groups: dict[tuple[str, ...], tuple[str, KeyPath]] = {(): ("", (*base, "when"))}
        self.filled: Counter[tuple[str, ...]] = Counter()

    def add(self, row: Row) -> None:
        """Take in one comparison."""
        at = row["nesting"].at if "nesting" in row else row["step"].at
        names = re.split("[>＞→]", str(row["nesting"].value)) if "nesting" in row else []
        group: tuple[str, ...] = ()
        for name in names:
            inner = (*group, _group_name(name))
            if inner not in self.groups:
                self._open(inner, self._next(group, at), name, at)
            group = inner
        path = self._next(group, at)
        for column in ("field", "test", "value"):
            need(row, column, self.draft.where)
        test = words("sheet_test", TESTS).get(plain_word(row["test"].value))
        if test is None:
            known = options_said("sheet_test", TESTS)
            refuse(self.draft.where, row["test"].at, "sheet_test", test=row["test"].value, known=known)
        self.draft.put((*path, "field"), str(row["field"].value).strip(), row["field"].at)
        for inner_path, value in leaves(_value_of(test, row["value"].value), (*path, test)):
            self.draft.put(inner_path, value, row["value"].at)

    def _open(self, group: tuple[str, ...], path: KeyPath, name: str, at: str) -> None:
        kind, k = _group_of(group[-1])
        if kind is None:
            known = ", ".join(say(f"models.sheet_group_{kind}", lang, k=2) for lang in LANGUAGES for kind in GROUPS)
            refuse(self.draft.where, at, "sheet_group", group=name.strip(), known=known)
        if kind == "of":
            self.draft.put((*path, "at_least_k"), decode(frozenset({"number"}), k), at)
        self.groups[group] = (kind, (*path, kind))

    def _next(self, group: tuple[str, ...], at: str) -> KeyPath:
        """The place of the next part of ``group``: one only for the rule itself and for a not."""
        kind, path = self.groups[group]
        self.filled[group] += 1
        if kind in ("", "not"):
            if self.filled[group] > 1:
                refuse(self.draft.where, at, "sheet_one_condition")
            return path
        return (*path, self.filled[group] - 1)


def _group_name(text: str) -> str:
    """A group as it is compared: the words folded, the number kept apart."""
    parts = text.split()
    number = parts.pop() if len(parts) > 1 and parts[-1].isdigit() else ""
    return f"{plain_word(''.join(parts))} {number}"


def _group_of(name: str) -> tuple[str | None, str]:
    """The kind of a group, and of how many of its parts must hold."""
    word = name.partition(" ")[0]
    for kind in GROUPS:
        for lang in LANGUAGES:
            pattern = re.escape(plain_word(say(f"models.sheet_group_{kind}", lang, k="K"))).replace("k", "(.+)", 1)
            if kind == "of" and (match := re.fullmatch(pattern, word)):
                return kind, match[1]
            if kind != "of" and word == plain_word(say(f"models.sheet_group_{kind}", lang)):
                return kind, ""
    return None, ""


def _value_of(test: str, cell: Any) -> Any:
    value = decode(KINDS_OF_TEST[test], cell)
    if test != "is" and isinstance(value, str) and (operand := _OPERAND.fullmatch(value)):
        field, sign, plus = operand.groups()
        if sign is None:
            return {"field": field}
        number = decode(frozenset({"number"}), plus)
        return {"field": field, "plus": -number if sign in "-－" and not isinstance(number, str) else number}
    return value
