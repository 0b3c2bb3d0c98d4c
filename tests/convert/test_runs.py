"""Many files: names that clash, what is skipped, runs that were cut off, processes that die, what a person says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tieraddin.actions.convert.job import Job
from tieraddin.actions.convert.run import outcomes
from tieraddin.actions.convert.wishes import Wishes

from .conftest import ROWS, sheet_of


def entries(done):
    return {Path(entry["file"]).name: entry for entry in done["files"]}


def test_files_of_one_name_have_results_of_their_own(office):
    office.book("a.xlsx")
    office.csv("a.csv", [("Customer", "Sales"), ("Zoe", 1)])
    office.book("north/a.xlsx", [("Customer", "Sales"), ("Nora", 2)])
    done = office.run()[1]
    assert len({entry["output"] for entry in done["files"]}) == 3
    firsts = {entry["file"]: sheet_of(entry["output"])["B4"].value for entry in done["files"]}
    assert firsts == {
        str(office.src / "a.csv"): "Zoe",
        str(office.src / "a.xlsx"): "甲有限公司",
        str(office.src / "north" / "a.xlsx"): "Nora",
    }
    again = office.run("--force")[1]
    assert [entry["output"] for entry in again["files"]] == [entry["output"] for entry in done["files"]]


def test_files_of_one_name_in_two_folders_that_are_named(office):
    office.book("north/a.xlsx", [("Customer", "Sales"), ("Nora", 2)])
    office.book("South/A.xlsx", [("Customer", "Sales"), ("Sam", 3)])
    done = office.run(sources=[office.src / "north", office.src / "South"])[1]
    names = [Path(entry["output"]).name.casefold() for entry in done["files"]]
    assert len(set(names)) == 2
    assert [sheet_of(entry["output"])["B4"].value for entry in done["files"]] == ["Nora", "Sam"]


def test_a_source_may_not_take_the_name_of_a_report(office):
    office.book("merged.xlsx")
    office.book("conversion-report.xlsx")
    assert office.run("--merge")[0] == 0
    assert sheet_of(office.out / "conversion-report.xlsx").title == "Files"
    assert sheet_of(office.out / "merged.xlsx").max_row == 13
    assert office.files() == {"merged.xlsx", "merged (xlsx).xlsx"}
    assert sheet_of(office.out / "conversion-report (xlsx).xlsx")["B4"].value == "甲有限公司"


def test_results_whose_lists_are_gone_are_told(office):
    from typer.testing import CliRunner

    from tieraddin.cli import app

    for name in ("a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx"):
        office.book(name)
    assert "left_over" not in office.run("--merge")[1]
    (office.src / "a.xlsx").rename(office.src / "new.xlsx")
    (office.src / "b.xlsx").unlink()
    (office.src / "c.xlsx").unlink()
    (office.out / "c.xlsx").unlink()
    code, done = office.run("--merge", "--preview")
    assert (code, done["left_over"]) == (0, ["a.xlsx", "b.xlsx"])
    given = ["convert", "customer-master", str(office.src), "-o", str(office.out), "--merge", "--lang", "en"]
    assert "(renamed, moved or deleted): a.xlsx, b.xlsx." in CliRunner().invoke(app, given).stdout
    assert sheet_of(office.out / "merged.xlsx").max_row == 3 + 2 * len(ROWS[1:])
    (office.src / "new.xlsx").rename(office.src / "a.xlsx")
    assert office.run()[1]["left_over"] == ["b.xlsx", "new.xlsx"]


def test_an_output_folder_within_the_sources_is_no_source(office):
    office.book("a.xlsx")
    office.out = office.src / "results"
    first = office.run("--merge")[1]
    second = office.run("--merge")[1]
    assert [entry["file"] for entry in first["files"]] == [entry["file"] for entry in second["files"]]
    office.out = office.src
    code, done = office.run()
    assert (code, done["key"]) == (3, "convert.no_files")


def test_what_runs_left_below_the_sources_is_no_source(office):
    """Results of another run, and the copy of a list that was graded in place: their customers would come twice."""
    first = office.book("a.xlsx")
    office.out = office.src / "earlier" / "results"
    assert office.run()[0] == 0
    assert main_of("retier", first, "--model", "value-abc", "--map", "value=Sales", "--in-place") == 0
    assert len(list(office.src.glob("a.backup-*.xlsx"))) == 1
    office.out = office.src.parent / "out"
    assert [entry["file"] for entry in office.run("--merge")[1]["files"]] == [str(first)]
    asked = office.src / "earlier" / "results"
    assert len(office.run(sources=[asked])[1]["files"]) == 2  # the result and the report, since a person asks for them


def main_of(*arguments):
    from typer.testing import CliRunner

    from tieraddin.cli import app

    return CliRunner().invoke(app, list(map(str, arguments))).exit_code


def test_patterns_and_files_are_sources_once(office):
    office.book("a.xlsx")
    office.book("b.xlsx")
    done = office.run(sources=[office.src / "*.xlsx", office.src / "a.xlsx", office.src])[1]
    assert [Path(entry["file"]).name for entry in done["files"]] == ["a.xlsx", "b.xlsx"]


def test_what_has_not_changed_is_skipped(office):
    office.book("a.xlsx")
    office.book("b.xlsx")
    first = office.run()[1]
    stamps = {name: (office.out / name).stat().st_mtime_ns for name in ("a.xlsx", "b.xlsx")}
    office.book("b.xlsx", [("Customer", "Sales"), ("New", 7)])
    second = entries(office.run()[1])
    assert [second[name]["skipped"] for name in ("a.xlsx", "b.xlsx")] == [True, False]
    assert (office.out / "a.xlsx").stat().st_mtime_ns == stamps["a.xlsx"]
    assert sheet_of(office.out / "b.xlsx")["B4"].value == "New"
    before = next(entry for entry in first["files"] if entry["file"].endswith("a.xlsx"))
    facts = ("rows_in", "rows_out", "mapping", "output", "unmapped")
    assert {key: second["a.xlsx"][key] for key in facts} == {key: before[key] for key in facts}
    assert [entry["skipped"] for entry in office.run("--force")[1]["files"]] == [False, False]


@pytest.mark.parametrize("change", [["--lang", "zh"], ["--model", "rank-abc"], ["--map", "phone=Fax"]])
def test_other_settings_convert_anew(office, change):
    office.book("a.xlsx")
    office.run()
    assert not office.run(*change)[1]["files"][0]["skipped"]


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_result_that_is_lost_is_made_again(office, harm):
    office.book("a.xlsx")
    office.run()
    harm(office.out / "a.xlsx")
    assert not office.run()[1]["files"][0]["skipped"]
    assert sheet_of(office.out / "a.xlsx")["B4"].value == "甲有限公司"


def test_a_result_that_a_person_changed_is_kept_beside(office):
    office.book("a.xlsx")
    office.run()
    book = openpyxl.load_workbook(office.out / "a.xlsx")
    book.worksheets[0]["B4"] = "my own words"
    book.save(office.out / "a.xlsx")
    office.book("a.xlsx", [("Customer", "Sales"), ("New", 7)])
    (entry,) = office.run()[1]["files"]
    assert sheet_of(office.out / "a.xlsx")["B4"].value == "New"
    assert sheet_of(entry["backup"])["B4"].value == "my own words"


def test_a_file_that_is_mended_is_converted(office):
    (office.src / "a.xlsx").write_bytes(b"")
    assert office.run()[0] == 3
    office.book("a.xlsx")
    assert office.run()[0] == 0


STAYING = """
import sys, time
import tieraddin.actions.convert.run as run
real = run.convert_one
def staying(job):
    if job.source.name == "f3.csv":
        time.sleep(600)
    return real(job)
run.convert_one = staying
from tieraddin.__main__ import main
sys.argv = ["tieraddin", *sys.argv[1:]]
main()
"""
COUNT = 6


@pytest.fixture
def staying(office):
    """A run over six files that has converted three, and stays in the fourth."""
    for k in range(COUNT):
        office.csv(f"f{k}.csv")
    given = ["convert", "customer-master", office.src, "-o", office.out, "--workers", "1"]
    command = [sys.executable, "-c", STAYING, *map(str, given)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 60
        while len([*office.out.glob("f*.xlsx")]) < 3 and time.monotonic() < end and running.poll() is None:
            time.sleep(0.02)
        yield running
    finally:
        running.kill()
        running.communicate(timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_cut_off_goes_on(office, staying, how):
    staying.send_signal(how)
    _, said = staying.communicate(timeout=60)
    assert staying.returncode != 0
    assert "Traceback" not in said
    there = [*office.out.glob("f*.xlsx")]
    assert len(there) == 3
    assert all(zipfile.ZipFile(path).testzip() is None for path in there)
    (office.out / ".tieraddin-left.tmp").write_bytes(b"half")
    code, done = office.run()
    skipped = sum(entry["skipped"] for entry in done["files"])
    assert code == 0
    assert len(there) - 1 <= skipped <= len(there)  # the last one may not be in the ledger yet
    assert office.files() == {f"f{k}.xlsx" for k in range(COUNT)}
    assert not [*office.out.glob("*.tmp")]


def test_a_folder_is_written_to_by_one_run_at_a_time(office, staying):
    for lang in ("en", "zh"):
        code, done = office.run("--lang", lang)
        assert (code, done["key"]) == (3, "convert.busy")
        assert str(staying.pid) in done["error"]
    assert office.run("--preview")[0] == 0
    staying.kill()
    staying.wait(60)
    assert office.run()[0] == 0  # whoever held the folder is gone


def _at_work(office):
    """Both processes convert."""
    return len([*office.out.glob("f*.xlsx")]) >= 40


def _begun(office):
    """No process has been started, or they are being started."""
    return (office.out / ".tieraddin-convert.jsonl").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("ready, later", [(_at_work, 0), *((_begun, later) for later in (0, 0.1, 0.6))])
def test_an_interrupt_reaches_all_processes_and_is_quiet(office, ready, later):
    count = 300
    for k in range(count):
        office.csv(f"f{k:03d}.csv")
    given = [sys.executable, "-m", "tieraddin", "convert", "customer-master", office.src, "-o", office.out]
    running = subprocess.Popen(
        [*map(str, given), "--workers", "2", "--lang", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not ready(office) and time.monotonic() < end and running.poll() is None:
        time.sleep(0.01)
    time.sleep(later)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode != 0
    assert "Traceback" not in said
    assert "goes on from here" in said
    there = office.files()
    missing = [path for path in sorted(office.src.iterdir()) if f"{path.stem}.xlsx" not in there]
    assert len(there) + len(missing) == count
    for path in missing[10:]:  # to convert some of them proves as much as to convert hundreds
        path.unlink()
    assert office.run()[0] == 0
    assert office.files() == there | {f"{path.stem}.xlsx" for path in missing[:10]}


def test_a_ledger_that_was_cut_off_is_no_hindrance(office):
    office.book("a.xlsx")
    office.book("b.xlsx")
    office.run()
    ledger = office.out / ".tieraddin-convert.jsonl"
    ledger.write_bytes(ledger.read_bytes().strip()[:-40])
    assert sorted(entry["skipped"] for entry in office.run()[1]["files"]) == [False, True]
    assert [entry["skipped"] for entry in office.run()[1]["files"]] == [True, True]


def test_processes_give_what_one_gives(office):
    for k in range(7):
        office.csv(f"f{k}.csv", [("Customer", "Sales"), *((f"c{k}-{i}", i + 1) for i in range(10 + k))])
    (office.src / "bad.xlsx").write_bytes(b"x")
    one = office.run("--workers", 1)[1]
    alone = {path.name: path.read_bytes() for path in office.out.glob("*.xlsx") if path.name[0] == "f"}
    two = office.run("--workers", 2, "--force")[1]
    for entry in (*one["files"], *two["files"]):
        del entry["seconds"]
    assert one == two
    assert alone == {path.name: path.read_bytes() for path in office.out.glob("*.xlsx") if path.name[0] == "f"}


class Deadly:
    """Ends the process that it comes to."""

    def __reduce__(self):
        return os._exit, (3,)


def test_a_file_that_ends_its_process_leaves_the_others(office):
    def job(name, known):
        made = office.csv(f"{name}.csv")
        out = office.out / f"{name}.xlsx"
        return Job(made, name, out, "customer-master", "en", Wishes(), "", known)

    office.out.mkdir()
    jobs = [job("a", {}), job("b", {"x": Deadly()}), job("c", {}), job("d", {})]
    done = {outcome.entry.file: outcome.entry for outcome in outcomes(jobs, 2)}
    assert {name: entry.key for name, entry in done.items()} == {"a": None, "b": "convert.died", "c": None, "d": None}
    assert office.files() == {"a.xlsx", "c.xlsx", "d.xlsx"}


class Endless:
    """Never becomes a job: whoever takes it waits."""

    def __reduce__(self):
        return time.sleep, (600,)


def test_a_file_that_takes_for_ever_leaves_the_others(office):
    office.out.mkdir()
    jobs = [
        Job(office.csv(f"{n}.csv"), n, office.out / f"{n}.xlsx", "customer-master", "en", Wishes(), "", known)
        for n, known in [("a", {}), ("b", {"x": Endless()}), ("c", {}), ("d", {})]
    ]
    done = {outcome.entry.file: outcome.entry for outcome in outcomes(jobs, 2, limit=5)}
    assert {name: entry.key for name, entry in done.items()} == dict.fromkeys("acd") | {"b": "convert.slow"}
    assert "took more than 5 seconds" in done["b"].error
    assert office.files() == {f"{name}.xlsx" for name in "acd"}


def test_memory_does_not_grow_with_the_number_of_files(office):
    """What is held after 50 files is what is held after 20, but for the lines of the report."""
    import gc
    import tracemalloc

    for k in range(50):
        rows = [(f"c{k}-{i}", (i * 7919 + k) % 5000) for i in range(400)]
        office.csv(f"f{k:02d}.csv", [("Customer", "Sales"), *rows])
    given = [str(office.src / f"f{tens}?.csv") for tens in range(5)]
    peaks, held = [], []
    for count in (10, 20, 50):  # after the first all is imported and built
        tracemalloc.start()
        office.out = office.out.with_name(f"out-{count}")
        assert office.run("--workers", 1, sources=given[: count // 10])[0] == 0
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    a_file = peaks[1] / 4  # so much takes one file, at the least
    assert peaks[2] < peaks[1] + a_file
    assert held[2] < held[1] + a_file


def test_a_map_for_many_files(office, result):
    office.book("north-1.xlsx", [("Who", "Turnover 2025", "X"), ("Nora", 5, 9)])
    office.book("south.xlsx", [("Kunde", "Umsatz", "X"), ("Sam", 7, 9)])
    office.book("plain.xlsx", [("Customer", "Sales"), ("Pat", 3)])
    path = office.out.parent / "map.toml"
    path.write_text(
        '[columns]\ncustomer = ["Who", "Kunde"]\nvalue = "Umsatz"\n'
        '[files."north*"]\ncolumns = { value = "Turnover 2025" }\n',
        "utf-8",
    )
    assert office.run("--map", path)[0] == 0
    assert [result(name)["Customer"] for name in ("north-1.xlsx", "south.xlsx", "plain.xlsx")] == [
        ["Nora"], ["Sam"], ["Pat"],
    ]  # fmt: skip
    assert result("north-1.xlsx")["Value"] == [5]


def test_people_read_what_was_done(office):
    from typer.testing import CliRunner

    from tieraddin.cli import app

    office.book("a.xlsx", [*ROWS, ("Total", 1000)])
    office.book("b.xlsx", [("only a title",)])
    given = ["convert", "customer-master", str(office.src), "-o", str(office.out)]
    english = CliRunner().invoke(app, [*given, "--lang", "en"])
    assert english.exit_code == 4
    assert (
        "Files converted: 1; unchanged: 0; failed: 1. Rows in: 5, out: 5, rejected: 0; totals rows apart: 1."
        in english.stdout
    )
    assert "conversion-report.xlsx" in english.stdout
    chinese = CliRunner().invoke(app, [*given, "--lang", "zh", "--preview"])
    assert "已转换文件：1；未变化：0；失败：1" in chinese.stdout
    assert "客户名称" in chinese.stdout
