"""Build the pages of this folder that are made from the code: ``python docs/build.py``."""

from __future__ import annotations

import runpy
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from tieraddin.language import messages, use_language

FOLDER = Path(__file__).parent

FUNCTIONS_INTRO = """# Functions for cells · 单元格函数

No spreadsheet program calls these functions yet: they are written and tested, and wait for their hosts.
目前还没有电子表格软件可以调用这些函数：函数已写好并经过测试，尚待接入。

A range in gives an array out, with as many rows; a single cell gives a value. A blank gives an empty text, since a
blank is not zero; numbers written as text (`1,200`, `¥1,200.50`, `12%`, full-width digits) are read as numbers. An
error in is an error out. `#VALUE!` stands for the wrong kind of cell or an argument that can't be used, `#NUM!` for a
number out of range, `#N/A` for what is not available. Nothing asks for today's date: give `TODAY()` where a day is
needed.

传入区域，返回行数相同的数组；传入单个单元格，返回一个值。空白得空文本，因为空白不等于零；文本形式的数字（`1,200`、
`¥1,200.50`、`12%`、全角数字）按数字读取。传入错误值则返回该错误值。`#VALUE!` 表示类型不符或参数不可用，`#NUM!` 表示超出
范围，`#N/A` 表示没有结果。函数不会自行取当天日期：需要日期时请传入 `TODAY()`。

**In an Excel table** an array can't spill. Give one row as data and the whole column as `among`:
`=TIER("value-abc",[@Sales],,,[Sales])`. The population is graded once for all rows. A row that is not in `among` gives
`#N/A`, as RANK has it.

**在 Excel 表格内**数组无法溢出。请以本行为 data，整列为 `among`：`=TIER("value-abc",[@销售额],,,[销售额])`。全体客户
只评定一次，供各行使用。不在 `among` 之内的行得 `#N/A`，与 RANK 相同。"""


def commands_page() -> str:
    """``commands.md``: every command and option, in both languages."""
    use_language("en")
    import typer

    from tieraddin.cli import app

    rooms = (file.name.removesuffix(".toml") for file in files("tieraddin.locale").iterdir())
    chinese = {text["en"]: text["zh"] for room in rooms if room != "__init__.py" for text in messages(room).values()}
    lines = [
        "# Commands · 命令",
        "",
        "Exit codes: 0 done, 2 wrong use, 3 this input can't be used (4, done in part, is kept for later).",
        "返回码：0 完成，2 用法错误，3 输入不可用（4 留给部分完成，目前不会出现）。",
    ]
    for name, command in _commands(typer.main.get_command(app)):
        about = command.help or ""
        lines += ["", f"## tieraddin {name}", "", about, "", chinese[about], "", "| option | | 说明 |", "|---|---|---|"]
        for option in command.params:
            words = getattr(option, "help", None)
            if not words:
                continue
            flags = option.opts if option.opts[0].startswith("-") else [(option.metavar or option.name).upper()]
            lines.append(f"| {', '.join(f'`{flag}`' for flag in flags)} | {words} | {chinese[words]} |")
    return "\n".join(lines) + "\n"


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its name, those of groups under both names."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def functions_page() -> str:
    """``functions.md``: every function and argument, in both languages, with an example."""
    from udfs import FUNCTIONS

    examples = tomllib.loads((FOLDER / "functions.toml").read_text("utf-8"))
    lines, heading = [FUNCTIONS_INTRO], ""
    for function in sorted(FUNCTIONS.values(), key=lambda function: (function.heading("en"), function.name)):
        if function.heading("en") != heading:
            heading = function.heading("en")
            lines += ["", f"## {' · '.join(dict.fromkeys([heading, function.heading('zh')]))}"]
        lines += ["", f"### {function.name}", "", f"`{function.signature}`", ""]
        lines += [function.help("en"), "", function.help("zh"), "", "| argument | | 说明 |", "|---|---|---|"]
        lines += [
            f"| `{each.name}` | {function.argument_help(each, 'en')} | {function.argument_help(each, 'zh')} |"
            for each in function.arguments
        ]
        example = examples[function.name]
        shown = [_array(example["gives"])] if "gives" in example else []
        lines += ["", "```", example["formula"], *shown, "```"]
    return "\n".join(lines) + "\n"


def _array(rows: list[list[Any]]) -> str:
    """Rows as Excel writes an array constant, a single value as it is; a date by its day."""
    if [len(row) for row in rows] == [1]:
        return _cell(rows[0][0])
    return "{" + ";".join(",".join(map(_cell, row)) for row in rows) + "}"


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)


def models_page() -> str:
    """``models.md``: every shipped model."""
    use_language("en")
    page: str = runpy.run_path(str(FOLDER / "models_page.py"))["models_page"]()
    return page


PAGES = {"commands.md": commands_page, "functions.md": functions_page, "models.md": models_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
