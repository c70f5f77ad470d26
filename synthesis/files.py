"""The disk, read with limits and written whole: atomic replacement, locks, no path outside the review."""

from __future__ import annotations

import contextlib
import glob
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from synthesis.errors import NotFound, SynthesisError

MEGABYTE = 1_000_000
POLL = 0.003  # seconds between two tries for a lock: a writer that takes it again at once must not starve the others
TEMPORARY = ".synth-tmp"  # suffix of a file not yet in place; a killed writer leaves one behind


class NoReview(NotFound):
    """No review.toml here or above."""

    exit_code = 2


class DiskError(SynthesisError, OSError):
    """A file could not be read or written; what the system says, in words."""


class NoFileError(DiskError, FileNotFoundError):
    """A file that is not there."""


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a review.toml."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "review.toml").is_file():
            return folder
    raise NoReview(f"no review.toml in {start} or above it: run `synth init DIR`, or name one with --root")


def inside(root: Path, path: Path) -> Path:
    """`path`, resolved, if it lies in `root`; links and `..` that lead out are refused."""
    resolved = followed(path)
    if not resolved.is_relative_to(root.resolve()):
        raise SynthesisError(f"{path} leads out of the review folder {root}")
    return resolved


def followed(path: Path) -> Path:
    """Where a path leads; links in a circle are refused."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # Python 3.11 and 3.12 raise RuntimeError for links in a circle
        raise DiskError(f"{path} cannot be followed: a link that leads in a circle") from error


def regular(path: Path) -> Path:
    """`path`, unless it is a pipe, a device or a folder, whose reading might never end."""
    if path.exists() and not path.is_file():
        raise DiskError(f"{path} is no file that can be read: take it away, or give it another name")
    return path


def read_limited(path: Path, limit: int) -> bytes:
    """All bytes of a file that may have at most `limit` of them."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise _in_words(f"cannot read {path}", error) from error
    if len(data) > limit:
        raise SynthesisError(f"{path} is larger than {limit:,} bytes")
    return data


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file in one step: a reader or a killed writer sees the old bytes or the new ones.

    A link is followed and stays a link; the permission bits of an existing file are kept. When the disk refuses at
    any step, `DiskError` is raised, the file is as it was and nothing is left beside it.
    """
    target = followed(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target)
        _replace(target, data)
    except OSError as error:
        raise _in_words(f"cannot write {path}", error) from error


def sweep(path: Path, older_than: float = 60.0) -> None:
    """Remove what killed writers of `path` left behind, once it is older than a minute."""
    import time

    for left in path.parent.glob(f".{glob.escape(path.name)}.*{TEMPORARY}"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > older_than:
                left.unlink()


@contextlib.contextmanager
def locked(path: Path, timeout: float = 30.0) -> Iterator[None]:
    """Hold the one lock that every writer of `path` takes; wait at most `timeout` seconds for it.

    The lock file stays beside the (resolved) target when the lock is released, because removing it would let two
    writers hold two locks; the system frees the lock of a process that dies.
    """
    from filelock import FileLock, Timeout

    target = followed(path)
    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=timeout)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(poll_interval=POLL)
    except Timeout as late:
        raise SynthesisError(f"{path} is being written by another process (lock {lock.lock_file}); try again") from late
    except OSError as error:
        raise _in_words(f"cannot lock {path}", error) from error
    try:
        yield
    finally:
        lock.release()


def _replace(target: Path, data: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}{TEMPORARY}")
    try:
        _write(temporary, data)
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write(path: Path, data: bytes) -> None:
    """Write a new file, with the permission bits that the umask gives, down to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring the new name down to the disk, on systems that can open a folder.

    The file is already in place and whole, so a file system that cannot do this is not an error.
    """
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _in_words(what: str, error: OSError) -> DiskError:
    kind = NoFileError if isinstance(error, FileNotFoundError) else DiskError
    return kind(f"{what}: {error.strerror or error}")
