"""Runs inside the Windows Python: buttons of the ribbon on a workbook, through xlwings, pywin32 and COM.

usage: excel_workbook.py BOOK.xlsx OUT.xlsx JOB.json

A job is a list of steps: ``["retier", ""]`` presses a button, ``["select", [1, 1, 9, 2]]`` marks cells of the first
sheet (top, left, bottom, right), ``["fails", {"Value": CODE}]`` lets the next call of a member fail. What each button
said is written as JSON, and what else is to be seen.
"""

import json
import sys
from pathlib import Path

import com_objects
import excel_objects
import xlwings as xw
from xlwings import _xlwindows

from tests.workbooks import xw_engine
from tieraddin.hosts.excel import macros
from tieraddin.language import use_language

BOOK, OUT, JOB = (Path(name) for name in sys.argv[1:])
_xlwindows.N_COM_ATTEMPTS = 3  # for ever, else, where a stand-in lacks a member

use_language("en")
job = json.loads(JOB.read_text("utf-8"))
made = xw_engine.excel(BOOK).impl
excel = _xlwindows.COMRetryObjectWrapper(com_objects.client(excel_objects.Workbook(made)))
book = xw.Book(impl=_xlwindows.Book(xl=excel))
said = []
for step, detail in job:
    if step == "select":
        made._active, made._app._selection = 0, xw_engine.Range(made._sheets[0], tuple(detail))
    elif step == "fails":
        com_objects.fails.update(detail)
    else:
        said.append(macros.answer(book, step, detail))
made._book.save(OUT)
shown = [[cell.value for cell in row] for opened in made._app._books[1:] for row in opened._book.worksheets[0].rows]
charts = {sheet.name: len(sheet._charts) for sheet in made._sheets if sheet._charts}
sys.stdout.write(json.dumps({"said": said, "shown": shown, "charts": charts, "calls": made._app._calls.count}))
