"""The registry of functions for cells: every host (Excel, LibreOffice, files) is made from it.

A function is registered where it is defined; its arguments, with their kinds and defaults, are read from its signature,
and its words from ``locale/addin.toml``: ``help_gini`` for the function, ``help_gini_values`` (or ``help_values``,
where several functions share it) for an argument.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from tieraddin.addin.blocks import Block, CallError, PassedOnError, Rows, ToldError
from tieraddin.addin.kinds import Kind
from tieraddin.addin.names import check_argument, check_function
from tieraddin.errors import TieraddinError
from tieraddin.language import Language, messages, say
from tieraddin.tables.values import Cell

Category = Literal["tiers", "classes", "rfm", "followup", "ownership", "calendar"]
Run = TypeVar("Run", bound=Callable[..., Any])

FUNCTIONS: dict[str, Function] = {}
"""Every function by its name; ``import udfs`` fills it."""


@dataclass(frozen=True)
class Argument:
    """An argument of a function, as people see it."""

    name: str
    kind: Kind
    default: Any = inspect.Parameter.empty

    @property
    def required(self) -> bool:
        """Whether it can't be left out."""
        return self.default is inspect.Parameter.empty

    def value(self, raw: Any) -> Any:
        """The argument as the function takes it, of what the host hands over; a blank is one that is left out."""
        try:
            block = Block.of(raw)
            if block.is_blank and not self.required:
                return self.default
            return self.kind.read(block)
        except CallError as fault:
            fault.facts.setdefault("argument", self.name)
            raise


@dataclass(frozen=True, eq=False)
class Function:
    """A function for cells.

    Attributes
    ----------
    result
        one value whatever the arguments, or an array in the shape of the first range (a single cell gives a value).
    """

    name: str
    category: Category
    result: Literal["scalar", "array"]
    arguments: tuple[Argument, ...]
    run: Callable[..., Rows | Cell]

    def __call__(self, *raw: Any) -> Rows | Cell:
        """Call the function as a cell does.

        Parameters
        ----------
        raw
            for each argument what its cells hold: a value (None for a blank, and for an argument left out), rows of
            values, or a `Block`, which spares reading a large range again at each call.

        Returns
        -------
        A value, or rows of values: numbers, texts (``""`` for nothing), booleans, dates, `CellError`. What is wrong
        with the call comes back as a `ToldError`.
        """
        try:
            if len(raw) > len(self.arguments):
                raise CallError("#VALUE!", "too_many", function=self.name, most=len(self.arguments))
            for argument in self.arguments[len(raw) :]:
                if argument.required:
                    raise CallError("#VALUE!", "missing", argument=argument.name)
            result = self.run(*(argument.value(each) for argument, each in zip(self.arguments, raw, strict=False)))
        except PassedOnError as found:
            return found.error
        except TieraddinError as fault:
            return ToldError.of(fault)
        return result[0][0] if isinstance(result, list) and [len(row) for row in result[:2]] == [1] else result

    def help(self, lang: Language) -> str:
        """What the function gives."""
        key = self.name.lower()
        return say(f"addin.help_{key}", lang)

    def argument_help(self, argument: Argument, lang: Language) -> str:
        """What an argument is."""
        own = f"{self.name.lower()}_{argument.name}"
        key = own if f"help_{own}" in messages("addin") else argument.name
        return say(f"addin.help_{key}", lang)

    def heading(self, lang: Language) -> str:
        """The name of its category."""
        return say(f"addin.category_{self.category}", lang)

    @property
    def signature(self) -> str:
        """``NAME(first, [second])``."""
        named = (a.name if a.required else f"[{a.name}]" for a in self.arguments)
        return f"{self.name}({', '.join(named)})"


def udf(category: Category, result: Literal["scalar", "array"] = "array") -> Callable[[Run], Run]:
    """Register a function for cells under its own name in capitals.

    Parameters
    ----------
    category
        where a host lists it.

    Raises
    ------
    ValueError
        a name that means something else to Excel or VBA, or that is taken; an argument whose annotation is none of
        `tieraddin.addin.kinds`.
    """

    def register(run: Run) -> Run:
        name = run.__name__.upper()
        check_function(name)
        if name in FUNCTIONS:
            raise ValueError(f"{name} is registered twice")
        arguments = tuple(map(_argument, inspect.signature(run, eval_str=True).parameters.values()))
        FUNCTIONS[name] = Function(name, category, result, arguments, run)
        return run

    return register


def _argument(parameter: inspect.Parameter) -> Argument:
    check_argument(parameter.name)
    forms = [form for form in (parameter.annotation, *get_args(parameter.annotation)) if hasattr(form, "__metadata__")]
    if not forms:
        raise ValueError(f"{parameter.name} has no kind: annotate it with one of tieraddin.addin.kinds")
    return Argument(parameter.name, forms[0].__metadata__[0], parameter.default)
