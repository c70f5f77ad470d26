"""The last step: generated files against the disk, written or compared."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from synthesis import files

FOLDER = "outputs"
LIMIT = 100 * files.MEGABYTE
STALE, MISSING, SUPERFLUOUS = "stale", "missing", "superfluous"


@dataclass(frozen=True, slots=True)
class Difference:
    """A generated file that is not on the disk as it should be."""

    path: str  # relative to the review folder
    kind: str  # stale | missing | superfluous
    diff: str  # unified; for what is not text, that it differs


def write_files(root: Path, made: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write the files of `outputs/` that differ, each in one step; the paths written, sorted."""
    changed = [name for name in sorted(made) if _old(root, name) != made[name]]
    for name in changed:
        files.write_atomic(_target(root, name), made[name])
    return tuple(f"{FOLDER}/{name}" for name in changed)


def differences(root: Path, made: Mapping[str, bytes], *, whole: bool) -> tuple[Difference, ...]:
    """What writing would change, by path; nothing is written.

    Parameters
    ----------
    root : Path
        The review folder.
    made : mapping
        Contents by name within `outputs/`.
    whole : bool
        Whether these are all the files that `outputs/` should have: every other one is superfluous.
    """
    found = [_difference(name, _old(root, name), data) for name, data in made.items() if _old(root, name) != data]
    if whole:
        found += [_superfluous(name) for name in _present(root) if name not in made]
    return tuple(sorted(found, key=lambda one: one.path))


def superfluous(root: Path, made: Mapping[str, bytes]) -> tuple[str, ...]:
    """Files of `outputs/` that no build makes."""
    return tuple(f"{FOLDER}/{name}" for name in _present(root) if name not in made)


def _target(root: Path, name: str) -> Path:
    return files.inside(root, root / FOLDER / name)


def _old(root: Path, name: str) -> bytes | None:
    target = _target(root, name)
    return files.read_limited(target, LIMIT) if target.is_file() else None


def _present(root: Path) -> Iterator[str]:
    """Names of the files in `outputs/`, sorted; hidden ones are not ours."""
    folder = root / FOLDER
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield name.as_posix()


def _difference(name: str, old: bytes | None, new: bytes) -> Difference:
    path = f"{FOLDER}/{name}"
    try:
        before, after = (old or b"").decode(), new.decode()
    except UnicodeDecodeError:
        return Difference(path, MISSING if old is None else STALE, f"{path} differs (not text)\n")
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    ended = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return Difference(path, MISSING if old is None else STALE, "".join(ended))


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _superfluous(name: str) -> Difference:
    return Difference(f"{FOLDER}/{name}", SUPERFLUOUS, "")
