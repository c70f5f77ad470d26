"""The Python examples of a page, run and written down; `python -m tests.console` writes what they print today."""

import contextlib
import doctest
import io
import re
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?<=^```python\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def filled(page):
    """The page with the output of every `>>>` line replaced by what it prints now; the blocks share their names."""
    names = {}
    with contextlib.chdir(ROOT):
        return BLOCK.sub(lambda block: "".join(_written(part, names) for part in _parts(block[0])), page)


def names_of(page):
    """The names that the examples of a page leave behind."""
    names = {}
    with contextlib.chdir(ROOT):
        for part in _parts("\n".join(BLOCK.findall(page))):
            if not isinstance(part, str):
                _printed(part.source, names)
    return names


def _parts(block):
    """Examples, and the text between them."""
    return doctest.DocTestParser().parse(block)


def _written(part, names):
    if isinstance(part, str):
        return part
    first, *others = part.source.splitlines()
    lines = [f">>> {first}", *(f"... {line}".rstrip() for line in others)]
    return "\n".join(lines) + "\n" + _printed(part.source, names)


def _printed(source, names):
    """What one example prints; of an error its last line, under the head that doctest looks for."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        try:
            exec(compile(source, "example", "single"), names)
        except Exception as wrong:  # noqa: BLE001 - whatever an example raises is what it shows
            print("Traceback (most recent call last):\n    ...")
            print("".join(traceback.format_exception_only(wrong)).rstrip())
    return stream.getvalue()
