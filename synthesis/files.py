"""The disk, read with limits and written whole: atomic replacement, locks, no path outside the review."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from synthesis.errors import NotFound, SynthesisError

MEGABYTE = 1_000_000
TEMPORARY = ".synth-tmp"  # suffix of a file not yet in place; a killed writer leaves one behind


class NoReview(NotFound):
    """No review.toml here or above."""

    exit_code = 2


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a review.toml."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "review.toml").is_file():
            return folder
    raise NoReview(f"no review.toml in {start} or above it: run `synth init DIR`, or name one with --root")


def inside(root: Path, path: Path) -> Path:
    """`path`, resolved, if it lies in `root`; links and `..` that lead out are refused."""
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise SynthesisError(f"{path} leads out of the review folder {root}")
    return resolved


def read_limited(path: Path, limit: int) -> bytes:
    """All bytes of a file that may have at most `limit` of them."""
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise SynthesisError(f"{path} is larger than {limit:,} bytes")
    return data


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file in one step: a reader or a killed writer sees the old bytes or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=TEMPORARY)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sweep(path: Path, older_than: float = 60.0) -> None:
    """Remove what killed writers of `path` left behind, once it is older than a minute."""
    import time

    for left in path.parent.glob(f".{path.name}.*{TEMPORARY}"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > older_than:
                left.unlink()


@contextlib.contextmanager
def locked(path: Path, timeout: float = 30.0) -> Iterator[None]:
    """Hold the one lock that every writer of `path` takes; wait at most `timeout` seconds for it."""
    from filelock import FileLock, Timeout

    lock = path.with_name(f".{path.name}.lock")
    try:
        with FileLock(lock, timeout=timeout):
            yield
    except Timeout as late:
        raise SynthesisError(f"{path} is being written by another process (lock {lock}); try again") from late


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
