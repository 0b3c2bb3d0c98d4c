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

**LibreOffice Calc** 25.2 or newer calls them once `tieraddin addin install --calc` has put the add-in in; each example
below is run in it. **Excel** calls them through the add-in that `tieraddin addin build` writes; the README says what of
that is proven. `tieraddin recalc` works them out in a file with neither.

**LibreOffice Calc** 25.2 及更新版本：运行 `tieraddin addin install --calc` 安装加载项后即可使用，下列示例均在其中实际
运行过。**Excel**：通过 `tieraddin addin build` 生成的加载项使用，验证情况见 README。没有电子表格软件时，用
`tieraddin recalc` 计算文件中的函数。

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
只评定一次，供各行使用。不在 `among` 之内的行得 `#N/A`，与 RANK 相同。

**In LibreOffice Calc** enter one array formula (Ctrl+Shift+Enter) for all rows: that is graded at once, while a formula
in each row hands over the whole population for each cell (for 10,000 rows that takes about a minute). Calc tells a
function less than Excel does:

- A range with an error in it is not handed over: all of the result is `Err:504`. `IFERROR(A1:A9,"")` makes blanks of
  the errors.
- A reference to one blank cell is 0, as for Calc's own functions; `B7:B7` stays blank. TRUE is 1.
- Formulas that Excel saved as `[1]!TIER(…)` show `#NAME?`; "Connect formulas from Excel" in the menu Tier mends them.
- Why a cell shows an error: "Why do cells show errors?" in the menu Tier.

**在 LibreOffice Calc 中**请用一个数组公式（Ctrl+Shift+Enter）覆盖全部行，一次完成评定；逐行公式则每个单元格都要传入
全部客户（10,000 行约需一分钟）。Calc 传给函数的信息少于 Excel：

- 含有错误值的区域不会传入，整个结果为 `Err:504`；可用 `IFERROR(A1:A9,"")` 把错误变为空白。
- 引用单个空白单元格得 0，与 Calc 自带函数相同；写作 `B7:B7` 则仍为空白。TRUE 即 1。
- Excel 存成 `[1]!TIER(…)` 的公式显示 `#NAME?`，用菜单“客户分级”中的“接入来自 Excel 的公式”修复。
- 单元格为何出错：菜单“客户分级”中的“单元格为何出错？”。"""


def commands_page() -> str:
    """``commands.md``: every command and option, in both languages."""
    use_language("en")
    import typer

    from tieraddin.cli import app

    names = [file.name for file in files("tieraddin.locale").iterdir()]
    rooms = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    chinese = {text["en"]: text["zh"] for room in rooms for text in messages(room).values()}
    lines = [
        "# Commands · 命令",
        "",
        "Exit codes: 0 done, 2 wrong use, 3 this input can't be used, 4 done in part.",
        "返回码：0 完成，2 用法错误，3 输入不可用，4 部分完成。",
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
