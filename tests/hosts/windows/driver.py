"""Runs inside the Windows Python: calls our functions through xlwings' COM server, and says what came back.

usage: driver.py UDF_CALL.py JOB.json

The kit's ``udf_call.py`` gives the fake Excel and starts the server. A job is
``{"calls": [...], "types": [...], "plain": false}``; a call is as the kit has it, with two more kinds of arguments:

``{"whole": rows, "address": "$A:$A"}``  whole columns, of which the first rows are in use; reading them all is a fault
``{"answer": 3}``                        what call 3 (from 0) gave

``types`` are calls of texts, numbers and flat lists of them, for which the VARIANT types of the answer are told.
``plain``: xlwings alone starts the server, not the add-in.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pythoncom
from raw_variants import types_of_answer

KIT, JOB = sys.argv[1:]
SHEET_ROWS = 1_048_576


TASK = json.loads(Path(JOB).read_text("utf-8"))
SERVED = r"import xlwings; xlwings.serve(\'"
SERVED_BY_THE_ADD_IN = r"import xlwings, tieraddin.hosts.excel.calls; xlwings.serve(\'"


def kit() -> SimpleNamespace:
    """The kit's script as a module, without its last line, which runs it."""
    script = Path(KIT).read_text("utf-8").rstrip()
    assert script.endswith("\nmain()")
    assert script.count(SERVED) == 1
    if not TASK["plain"]:
        script = script.replace(SERVED, SERVED_BY_THE_ADD_IN)
    names = {"__name__": "udf_call"}
    exec(compile(script.removesuffix("main()"), KIT, "exec"), names)
    return SimpleNamespace(names=names, **{k: v for k, v in names.items() if not k.startswith("__")})


K = kit()


class WholeColumns(K.Range):
    """Columns down to the end of the sheet."""

    def __init__(self, rows, address):
        super().__init__(1, K.parse_address(address.replace(":", "1:") + "1")[1], rows)
        self.address = address
        self.used = len(rows)
        self.shape = (SHEET_ROWS, len(rows[0]))

    def GetAddress(self, *_):
        return self.address

    @property
    def Value(self):
        raise AssertionError("a million rows are read")

    Value2 = Value

    def GetResize(self, rows, cols):
        part = tuple(row[: int(cols)] for row in self.values[: int(rows)])
        return K.wrap(K.Range(self.Row, self.Column, part))

    @property
    def Worksheet(self):
        return K.wrap(Sheet(self.used))


class Sheet(K.Worksheet):
    _public_attrs_ = [*K.Worksheet._public_attrs_, "UsedRange"]

    def __init__(self, rows):
        self.UsedRange = K.wrap(K.Range(1, 1, shape=(rows, 26)))


def cell(given, of_kit=K.cell):
    """The kit's way for all but errors: pywin32 can't send one, but makes the same number of one as of its code."""
    if isinstance(given, dict) and "error" in given:
        return -2146828288 + K.ERRORS[given["error"]]
    return of_kit(given)


K.names["cell"] = cell


def argument(given, answers):
    if isinstance(given, dict) and "whole" in given:
        return K.wrap(WholeColumns(K.table(given["whole"]), given["address"]))
    if isinstance(given, dict) and "answer" in given:
        return answers[given["answer"]]
    return K.argument(given)


def main() -> None:
    folder = tempfile.mkdtemp()
    K.make_type_library(folder)
    K.names["APP"] = K.wrap(K.Application())
    K.names["BOOK"] = book = K.wrap(K.Workbook(str(Path(JOB).with_name("Book1.xlsm"))))
    K.names["SHEET"] = K.wrap(K.Worksheet())
    begin = time.perf_counter()
    server = K.Dll(str(Path(JOB).with_name("Book1.xlsm")))
    ready = round((time.perf_counter() - begin) * 1000)
    answers, told = [], []
    for call in TASK["calls"]:
        times = []
        try:
            for _ in range(call.get("repeat", 1)):
                args = tuple(argument(each, answers) for each in call["args"])
                caller = K.wrap(K.Range(1, 1))
                begin = time.perf_counter()
                answer = server.py.CallUDF(call["module"], call["function"], args, book, caller)
                times.append(round((time.perf_counter() - begin) * 1000, 2))
            answers.append(answer)
            told.append({"result": K.plain(answer), "ms": times})
        except pythoncom.com_error as fault:
            answers.append(None)
            told.append({"raised": K.error_text(fault)})
    types = [types_of_answer(server.py, each["module"], each["function"], each["args"]) for each in TASK["types"]]
    sys.stdout.write(json.dumps({"calls": told, "types": types, "ready_ms": ready}))
    sys.stdout.flush()
    server.stop()
    os._exit(0)  # no clean-up of COM objects whose server is gone


main()
