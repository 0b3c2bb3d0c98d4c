"""Formulas read: from their text to a tree of literals, references, operations and calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.tables.values import Cell, CellError

BINDING = {"*": 4, "/": 4, "+": 3, "-": 3, "&": 2, "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1}
"""How tightly operators between two operands bind; signs and ``%`` bind tighter; powers are left to Excel."""
_GONE = ("!#REF!", "[#REF!]")
"""How references end whose cells or table column were deleted."""
REMEMBERED = 1 << 17
"""Formulas whose reading is kept: one a row of a long column."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the formula."""

    value: Cell


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference or a name, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Array:
    """An array constant, row by row."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on one operand (``sign`` with a blank before or after it: "- ", " %") or on two."""

    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the function ``name``, as written; None stands for an argument that is left out."""

    name: str
    arguments: tuple[Node | None, ...]


Node: TypeAlias = "Literal | Reference | Array | Operation | Call"


class Words(NamedTuple):
    """What a formula names: references and functions, as written."""

    references: tuple[str, ...]
    functions: tuple[str, ...]


@lru_cache(maxsize=1 << 10)
def _tokens(text: str) -> list[Token]:
    try:
        tokens = Tokenizer(f"={text}").items
    except (TokenizerError, IndexError):
        raise NotWorkedOut("unreadable") from None
    kept = list[Token]()
    for token in tokens:
        of_cells = token.type == Token.OPERAND and token.subtype == Token.RANGE
        if of_cells and kept and kept[-1].value == "#REF!":
            continue  # #REF!A1: the sheet was deleted
        if token.type != Token.WSPACE:
            kept.append(Token("#REF!", Token.OPERAND, Token.ERROR) if of_cells and _is_gone(token.value) else token)
    return kept


def _is_gone(reference: str) -> bool:
    return reference.upper().endswith(_GONE)


@lru_cache(maxsize=REMEMBERED)
def words(text: str) -> Words:
    """What the formula ``text`` (without ``=``) names.

    Raises
    ------
    NotWorkedOut
        no formula.
    """
    tokens = _tokens(text)
    operands = (t.value for t in tokens if t.type == Token.OPERAND and t.subtype == Token.RANGE)
    functions = (t.value[:-1] for t in tokens if t.type == Token.FUNC and t.subtype == Token.OPEN)
    return Words(tuple(dict.fromkeys(operands)), tuple(dict.fromkeys(functions)))


@lru_cache(maxsize=REMEMBERED)
def parse(text: str) -> Node:
    """The tree of the formula ``text`` (without ``=``).

    Raises
    ------
    NotWorkedOut
        no formula, or one with unions or intersections of ranges.
    """
    return _Parser(_tokens(text)).whole()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Node:
        node = self._operations()
        if self._at < len(self._tokens):
            raise NotWorkedOut("unreadable")
        return node

    def _take(self) -> Token:
        if self._at >= len(self._tokens):
            raise NotWorkedOut("unreadable")
        self._at += 1
        return self._tokens[self._at - 1]

    def _next_is(self, kind: str, subtype: str | None = None) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        return token.type == kind and subtype in (None, token.subtype)

    def _operations(self, least: int = 1) -> Node:
        left = self._operand()
        while self._next_is(Token.OP_IN):
            sign = self._tokens[self._at].value
            if sign not in BINDING:
                raise NotWorkedOut("unreadable")
            if BINDING[sign] < least:
                break
            self._at += 1
            left = Operation(sign, (left, self._operations(BINDING[sign] + 1)))
        return left

    def _operand(self) -> Node:
        token = self._take()
        if token.type == Token.OP_PRE:
            return Operation(f"{token.value} ", (self._operand(),))
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            node = self._operations()
            if not self._next_is(Token.PAREN, Token.CLOSE):
                raise NotWorkedOut("unreadable")
            self._at += 1
        elif token.type == Token.ARRAY:
            node = self._array()
        elif token.type == Token.FUNC:
            node = Call(token.value[:-1], self._arguments())
        elif token.type == Token.OPERAND:
            node = _operand(token)
        else:
            raise NotWorkedOut("unreadable")
        while self._next_is(Token.OP_POST):
            node = Operation(f" {self._take().value}", (node,))
        return node

    def _array(self) -> Array:
        rows: list[list[Node]] = [[]]
        while not self._next_is(Token.ARRAY, Token.CLOSE):
            if self._next_is(Token.SEP):
                rows += [[]] if self._take().value == ";" else []
            else:
                rows[-1].append(self._operand())
        self._at += 1
        return Array(tuple(map(tuple, rows)))

    def _arguments(self) -> tuple[Node | None, ...]:
        if self._next_is(Token.FUNC, Token.CLOSE):
            self._at += 1
            return ()
        arguments: list[Node | None] = [None]
        while not self._next_is(Token.FUNC, Token.CLOSE):
            if self._next_is(Token.SEP):
                self._at += 1
                arguments.append(None)
            elif arguments[-1] is None:
                arguments[-1] = self._operations()
            else:
                raise NotWorkedOut("unreadable")
        self._at += 1
        return tuple(arguments)


def _operand(token: Token) -> Node:
    text: str = token.value
    if token.subtype == Token.NUMBER:
        return Literal(float(text))
    if token.subtype == Token.TEXT:
        return Literal(text[1:-1].replace('""', '"'))
    if token.subtype == Token.ERROR:
        return Literal(CellError(text))
    if text.upper() in ("TRUE", "FALSE"):
        return Literal(text.upper() == "TRUE")
    return Reference(text)
