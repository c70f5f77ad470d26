"""Hostile libraries: read in seconds, in little memory, every byte kept; at full size with SYNTH_FULL=1."""

import os
import subprocess
import sys
import time

import pytest

from synthesis.bibliography import read_library

FULL = bool(os.environ.get("SYNTH_FULL"))
SCALE = 1 if FULL else 50  # so many times smaller ordinarily
SECONDS, TIMES = 5, 10
ENTRY = (
    b'@article{k%d,\n  author = {Smith, John and M{\\"u}ller, C. and Doe, Jane},\n  title = {Effects of a therapy on '
    b"drug use among offenders in prison: a trial},\n  journal = {Journal of Studies},\n  year = {2001},\n"
    b"  volume = {12},\n  pages = {1--9},\n  doi = {10.1000/x.%d},\n}\n\n"
)
BOMB = b"@string{a0={xxxxxxxx}}\n" + b"".join(
    b"@string{a%d=%s}\n" % (n, b"#".join([b"a%d" % (n - 1)] * 8)) for n in range(1, 40)
)


def entries(number):
    """So many entries as people write them."""
    return b"".join(ENTRY % (n, n) for n in range(number))


HOSTILE = {  # the bytes for a size of 1 (full) or less; how many entries are read; a code that is reported, or none
    "a field that is never closed": lambda size: (b"@a{k, t={" + b"x " * int(5e6 * size), 0, "SY410"),
    "braces that are never closed": lambda size: (b"@a{k, t=" + b"{" * int(1e7 * size), 0, "SY410"),
    "braces that are never closed, after an entry": lambda size: (
        b"@a{k, t={{{{ \n@b{c, d={e}}\n" + b"{" * int(1e7 * size), 1, "SY410"),
    "pairs of braces, never closed": lambda size: (b"@a{k, t={" + b"{}" * int(5e6 * size), 0, "SY410"),
    "deep groups, never closed": lambda size: (b"@a{k, t={" + b"{{{{{}}}}}" * int(1e6 * size), 0, "SY410"),
    "entries that are never closed": lambda size: (
        b"".join(b"@article{k%d, title = {never %s\n" % (n, b"{ x " * 500) for n in range(int(5e3 * size))),
        0, "SY410"),
    "entries never closed, one a line": lambda size: (b"@a{k, d={\n" * int(1e6 * size), 0, "SY410"),
    "a field of 10 MB": lambda size: (b"@a{k, t={" + b"word " * int(2e6 * size) + b"}}", 1, None),
    "a field of 10 MB in quotes": lambda size: (b'@a{k, t="' + b"word " * int(2e6 * size) + b'"}', 1, None),
    "deep nesting": lambda size: (b"@a{k, t=" + b"{" * int(5e6 * size) + b"x" + b"}" * int(5e6 * size) + b"}", 1, None),
    "one key, many times": lambda size: (
        b"".join(ENTRY % (7, n) for n in range(int(20_000 * size))), int(20_000 * size), None),
    "a macro bomb": lambda _: (BOMB + b"@a{k, t=a39 # a39}", 1, "SY435"),
    "a wide macro bomb": lambda size: (
        b"@string{a={" + b"x y " * 20_000 + b"}}\n" + b"@m{k,t=a#a}\n" * int(5e4 * size), int(5e4 * size), "SY435"),
    "macros in a circle": lambda _: (b"@string{a=b}\n@string{b=a}\n@string{c=c#c}\n@m{k,t=a#b#c}", 1, "SY433"),
    "Latin-1": lambda size: (entries(int(8000 * size)).replace(b"Doe", b"D\xf6e"), int(8000 * size), "SY400"),
    "UTF-16": lambda size: (entries(int(8000 * size)).decode().encode("utf-16"), 0, "SY400"),
    "CRLF": lambda size: (entries(int(8000 * size)).replace(b"\n", b"\r\n"), int(8000 * size), None),
    "CR alone": lambda size: (entries(int(8000 * size)).replace(b"\n", b"\r"), int(8000 * size), None),
    "a byte order mark": lambda size: (b"\xef\xbb\xbf" + entries(int(8000 * size)), int(8000 * size), None),
    "NUL bytes": lambda size: (entries(int(8000 * size)).replace(b"Doe", b"D\0e"), int(8000 * size), "SY402"),
    "nothing but NUL": lambda size: (b"\0" * int(1e7 * size), 0, "SY402"),
    "signs @": lambda _: (b"@" * 50_000, 0, "SY411"),
    "signs @{": lambda _: (b"@{" * 50_000, 0, "SY410"),
    "quotes": lambda _: (b'"' * 50_000, 0, None),
    "quotes for a value": lambda _: (b"@a{k,t=" + b'"' * 50_000 + b"}", 1, "SY431"),
    "braces in quotes": lambda size: (b"@a{k," + b'f="{",' * int(1e6 * size) + b"}", 0, "SY410"),
    "accents in quotes": lambda size: (b'@a{k,t="' + b'M\\"u ' * int(4e5 * size) + b'"}', 1, "SY434"),
    "fields": lambda size: (b"@a{k," + b"a=1," * int(3e5 * size) + b"}", 0, "SY410"),
    "fields put together": lambda size: (b"@a{k," + b"b=a#a," * int(2e5 * size) + b"}", 0, "SY410"),
    "commas": lambda size: (b"@a{k," + b"," * int(1e7 * size) + b"}", 0, "SY410"),
    "backslashes": lambda size: (b"@a{k,t={" + b"\\" * int(1e7 * size) + b"}}", 1, None),
    "braces after backslashes": lambda size: (b"@a{k,t={" + b"\\{" * int(5e6 * size) + b"}}", 1, "SY434"),
    "signs #": lambda size: (b"@a{k,t=" + b"#" * int(3e6 * size) + b"}", 1, "SY431"),
    "blanks in a key": lambda size: (b"@a{k" + b" " * int(3e6 * size) + b"t u={x}}", 1, "SY430"),
    "all on one line": lambda size: (entries(int(8000 * size)).replace(b"\n", b" "), int(8000 * size), None),
    "in parentheses": lambda size: (
        entries(int(8e3 * size)).replace(b"le{", b"le(").replace(b"\n}\n", b"\n)\n"), int(8e3 * size), None),
    "a string that is never closed": lambda size: (b'@string(s = "' + b'"' * int(5e6 * size), 0, "SY410"),
    "a comment that is never closed": lambda size: (b"@comment{" + b"{x}" * int(3e6 * size), 0, "SY410"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_or_reported(name):
    """In five seconds, with its bytes kept, its entries read, and its fault told; what is whole has no fault."""
    data, number, code = HOSTILE[name](1 / SCALE)
    begin = time.process_time()  # of this process: others may have the processors
    library = read_library(data)
    seconds = time.process_time() - begin

    assert seconds < SECONDS
    assert library.rebuilt() == data
    assert len(library.entries) == number
    codes = {problem.code for problem in library.problems}
    assert code in codes if code else not codes


MEASURE = """
import resource, sys
from synthesis.bibliography.library import read_library
from tests.bibliography.test_hostile import HOSTILE
data = HOSTILE[sys.argv[1]](float(sys.argv[2]))[0]
read_library(b"@a(b,c=d)")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
library = read_library(data)
print(1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / len(data))
"""
LARGE = 1_000_000  # bytes, from which on memory is measured
MEASURED = [name for name in HOSTILE if len(HOSTILE[name](1)[0]) > LARGE] if FULL else ["a field of 10 MB", "CRLF"]


@pytest.mark.parametrize("name", MEASURED)
@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is of POSIX systems")
def test_the_memory_is_in_proportion(name):
    """Less than ten times the file; what the bytes themselves took is not counted."""
    command = [sys.executable, "-c", MEASURE, name, "1" if FULL else "0.5"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert float(done.stdout) < TIMES
