"""Build the pages of this folder that are made from the code: ``python docs/build.py``."""

from __future__ import annotations

from pathlib import Path

from tieraddin.language import messages, use_language

FOLDER = Path(__file__).parent


def commands_page() -> str:
    """``commands.md``: every command and option, in both languages."""
    use_language("en")
    import typer

    from tieraddin.cli import app

    chinese = {text["en"]: text["zh"] for text in messages("cli").values()}
    lines = [
        "# Commands · 命令",
        "",
        "Exit codes: 0 done, 2 wrong use, 3 this input can't be used, 4 done in part.",
        "返回码：0 完成，2 用法错误，3 输入不可用，4 部分完成。",
    ]
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        about = command.help or ""
        lines += ["", f"## tieraddin {name}", "", about, "", chinese[about], "", "| option | | 说明 |", "|---|---|---|"]
        for option in command.params:
            words = getattr(option, "help", None)
            if not words:
                continue
            flags = option.opts if option.opts[0].startswith("-") else [(option.metavar or option.name).upper()]
            lines.append(f"| {', '.join(f'`{flag}`' for flag in flags)} | {words} | {chinese[words]} |")
    return "\n".join(lines) + "\n"


PAGES = {"commands.md": commands_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
