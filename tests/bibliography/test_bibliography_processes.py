"""Many writers at once, and writers that are killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from synthesis.bibliography import add, read_library
from synthesis.files import TEMPORARY

FULL = bool(os.environ.get("SYNTH_FULL"))
ADD = """
import sys
from pathlib import Path
from synthesis.bibliography import add
worker, number = sys.argv[2], int(sys.argv[3])
for count in range(number):
    add(Path(sys.argv[1]), f"@misc{{W{worker}n{count}, title = {{Entry {count}}}}}")
    print(count, flush=True)
"""
FOREVER = 100_000


def writer(path, worker, number):
    """A process that adds so many entries, one at a time, and prints a line after each."""
    command = [sys.executable, "-c", ADD, str(path), str(worker), str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_no_entry_of_many_writers_is_lost(tmp_path):
    """4 processes add 25 entries each, or 8 add 250; all are there, each once."""
    processes, number = (8, 250) if FULL else (4, 25)
    path = tmp_path / "references.bib"
    path.write_text("@misc{First, title = {There before}}\n")
    writers = [writer(path, worker, number) for worker in range(processes)]
    for process in writers:
        process.communicate(timeout=600)

    library = read_library(path)
    added = {f"W{worker}n{count}" for worker in range(processes) for count in range(number)}
    assert [process.returncode for process in writers] == [0] * processes
    assert library.problems == ()
    assert {entry.key for entry in library.entries} == {"First", *added}
    assert len(library.entries) == processes * number + 1


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX systems")
def test_a_killed_writer_leaves_a_whole_file(tmp_path):
    """SIGKILL at any moment of a write: the file reads without a problem, and has every entry that was reported."""
    path = tmp_path / "references.bib"
    path.write_text("".join(f"@misc{{Old{n}, title = {{{'long ' * 200}}}}}\n" for n in range(50)))
    reported = set()
    for kill in range(200 if FULL else 8):
        process = writer(path, kill, FOREVER)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * (kill % 17))
        process.send_signal(signal.SIGKILL)
        done = len(process.communicate(timeout=60)[0].splitlines()) + 1
        reported |= {f"W{kill}n{number}" for number in range(done)}
        library = read_library(path)
        assert library.problems == ()
        assert reported <= {entry.key for entry in library.entries}
    for left in tmp_path.glob(f"*{TEMPORARY}"):
        os.utime(left, (0, 0))
    add(path, "@misc{Last, title = {After all the killed}}")
    assert list(tmp_path.glob(f"*{TEMPORARY}")) == []
