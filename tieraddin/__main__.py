"""``tieraddin`` and ``python -m tieraddin``: the language is set before anything is said, help included."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from itertools import pairwise

from tieraddin.language import LANGUAGES, use_language


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that can't show Chinese
    arguments = sys.argv[1:]
    for lang in LANGUAGES:
        if f"--lang={lang}" in arguments or ("--lang", lang) in pairwise(arguments):
            use_language(lang)
    from tieraddin.cli import app

    app()


if __name__ == "__main__":
    main()
