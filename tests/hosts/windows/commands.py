"""Runs inside the Windows Python: command lines of tieraddin, and values of the registry set and taken away.

usage: commands.py "addin install --json" "set KEY NAME VALUE" "unset KEY NAME" ...
"""

import contextlib
import io
import json
import sys
import winreg

from tieraddin.cli import app


def answer(line: str) -> object:
    verb, *words = line.split(" ")
    if verb in ("set", "unset"):
        key, name, *value = words
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key.partition("\\")[2]) as opened:
            if value:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value[0])
            else:
                winreg.DeleteValue(opened, name)
        return None
    written = io.StringIO()
    with contextlib.redirect_stdout(written), contextlib.suppress(SystemExit):
        app(line.split(" "))
    return json.loads(written.getvalue())


sys.stdout.write(json.dumps([answer(line) for line in sys.argv[1:]]))
