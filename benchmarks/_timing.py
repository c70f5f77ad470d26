"""CPU seconds, measured in turns, and a table of them."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from synthesis.text import table

FAILED = "FAILED"


def cpu_of_calls(calls: Mapping[str, Callable[[], object]], *, turns: int) -> dict[str, float]:
    """Median CPU seconds of each call; the calls take turns, so that what disturbs one disturbs all."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()  # imports and caches
    for _ in range(turns):
        for name, call in calls.items():
            begin = time.process_time()
            call()
            seconds[name].append(time.process_time() - begin)
    return {name: statistics.median(each) for name, each in seconds.items()}


def cpu_of_commands(
    commands: Mapping[str, Sequence[str]], *, turns: int, cwd: str, compiled: str
) -> dict[str, list[float] | str]:
    """CPU seconds (user and system) of each turn of each command, which take turns; or how the command failed.

    Python keeps compiled modules in the folder `compiled`, where a first run that is not counted puts them: that is
    how an installed program starts, also where the environment forbids Python to write any. The BLAS library gets
    one thread: the others wait in a loop while numpy is imported, for 0.2 s more or less.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": compiled, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    found: dict[str, list[float] | str] = {}
    for name, command in commands.items():
        code, _ = _run(command, cwd, environment)
        found[name] = f"{FAILED}: exit {code}" if code else []
    for _ in range(turns):
        for name, command in commands.items():
            seconds = found[name]
            if isinstance(seconds, list):
                seconds.append(_run(command, cwd, environment)[1])
    return found


def _run(command: Sequence[str], cwd: str, environment: Mapping[str, str]) -> tuple[int, float]:
    """Exit code and CPU seconds of one process, its output thrown away."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=cwd, env=environment, **quiet)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for
    return process.returncode, used.ru_utime + used.ru_stime


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table under its title; all columns but the first to the right."""
    sys.stdout.write(f"\n{title}\n\n{table(header, rows, range(1, len(header)))}")
    sys.stdout.flush()
