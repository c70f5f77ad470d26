"""Records written: all of them or none, under one lock, and only over what was read before."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from synthesis.errors import SynthesisError
from synthesis.files import MEGABYTE, NoFileError, inside, locked, read_limited, write_atomic
from synthesis.records.folder import STUDIES


class ChangedSinceError(SynthesisError):
    """Records that are no longer what they were when they were read; nothing was written."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(f"changed since it was read, by another program: {', '.join(paths)}; nothing was written")
        self.paths = paths


def write_records(root: Path, changes: Mapping[str, tuple[bytes | None, bytes]]) -> tuple[str, ...]:
    """Write several records; when one cannot be written, those before it are put back.

    Parameters
    ----------
    root : Path
        The review folder.
    changes : mapping
        By path relative to it: the bytes that the file had when it was read (None for a file that is new), and the
        bytes to write.

    Returns
    -------
    tuple of str
        The paths that were written, in their order; without those that do not change.

    Raises
    ------
    ChangedSinceError
        A file holds other bytes by now, or a new one is there already.
    SynthesisError
        A path leads out of the review, or the disk refuses; every file is as it was.
    """
    files = {path: inside(root, root / path) for path in changes}
    with locked(root / STUDIES):
        changed = tuple(path for path, (old, _) in changes.items() if _now(files[path]) != old)
        if changed:
            raise ChangedSinceError(changed)
        written: list[str] = []
        try:
            for path, (old, new) in changes.items():
                if new != old:
                    written.append(path)
                    write_atomic(files[path], new)
        except BaseException:
            for path in written:
                _put_back(files[path], changes[path][0])
            raise
    return tuple(written)


def _now(file: Path) -> bytes | None:
    try:
        return read_limited(file, MEGABYTE)
    except NoFileError:
        return None


def _put_back(file: Path, old: bytes | None) -> None:
    """The bytes of before; what the disk refuses now is left, so that the first error is the one that is told."""
    with contextlib.suppress(SynthesisError, OSError):
        if old is None:
            file.unlink(missing_ok=True)
        else:
            write_atomic(file, old)
