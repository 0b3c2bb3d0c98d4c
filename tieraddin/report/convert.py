"""Report of a conversion: its progress, and what it came to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tieraddin.language import listed
from tieraddin.report.console import SHOWN, data, more, table, told


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[Any, int, int], None] | None]:
    """What is told of each file, as a bar on standard error with rate and time left, where a person looks on."""
    try:
        if quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )  # fmt: skip
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(told("working"), total=None, rate="")

            def tell(entry: Any, count: int, total: int) -> None:
                speed = bar.tasks[0].speed or 0.0
                rate = told("convert.progress", rate=f"{speed:.1f}")
                bar.update(task, completed=count, total=total, description=entry.file[-40:], rate=rate)

            yield tell
    except KeyboardInterrupt:
        print(told("convert.interrupted"), file=sys.stderr)
        raise


def converted(done: dict[str, Any], *, as_json: bool) -> None:
    """What a conversion came to."""
    if as_json:
        data(done)
        return
    files = done["files"]
    failed = [entry for entry in files if entry["error"]]
    skipped = sum(entry["skipped"] for entry in files)
    sums = {key: sum(entry[key] for entry in files) for key in ("rows_in", "rows_out", "rejected", "totals")}
    counts = {"done": len(files) - len(failed) - skipped, "unchanged": skipped, "failed": len(failed)}
    print(told("convert.done", **counts, **sums))
    if done["output"] is None:
        _preview([entry for entry in files if not entry["error"]])
    if failed:
        print(told("convert.failures"))
        lines = [(entry["file"], entry["error"]) for entry in failed[:SHOWN]]
        table([told("convert.column_file"), told("convert.column_error")], lines)
        more(len(failed))
    if left_over := done.get("left_over"):
        print(told("convert.left_over", results=listed(left_over, SHOWN)))
    merged = done.get("merged")
    if merged and merged["output"]:
        facts = {key: merged[key] for key in ("files", "rows", "dropped", "output")}
        print(told("convert.merged", **facts, count=len(merged["duplicates"])))
    elif merged:
        print(merged["error"])
    print(told("convert.written", folder=done["output"]) if done["output"] else told("nothing_written"))


def _preview(files: list[dict[str, Any]]) -> None:
    """How the columns of the first files would be mapped."""
    lines = [
        (entry["file"], entry["sheet"], key, mapped["header"], told(f"tables.how_{mapped['how']}"))
        for entry in files
        for key, mapped in entry["mapping"].items()
    ]
    heads = [told(f"convert.column_{key}") for key in ("file", "sheet", "column", "header", "how")]
    table(heads, lines[:SHOWN])
    more(len(lines))


def exit_code(done: dict[str, Any]) -> int:
    """0 when all files are done, 4 when some are, 3 when none is."""
    failed = sum(1 for entry in done["files"] if entry["error"])
    if failed == len(done["files"]):
        return 3
    return 4 if failed or done.get("merged", {}).get("error") else 0
