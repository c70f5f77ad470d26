"""All records of a review folder, read at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synthesis.errors import InvalidData, Problem, Severity, SynthesisError
from synthesis.files import MEGABYTE, NoReview, inside, read_limited
from synthesis.records.review import FILE, Review
from synthesis.records.study import Study
from synthesis.text import one_line

STUDIES = "studies"
RULES = "rules"  # the folder of a review's own rules
ENDING = ".yaml"
KEY = re.compile(r"\w[\w.-]*")  # of a study: it stands in tables, paths and commands
NOT_TEXT = "save the file as UTF-8"


@dataclass(frozen=True, slots=True)
class Records:
    """What review.toml and studies/ say, and everything wrong with it."""

    review: Review
    studies: tuple[Study, ...]  # without an error, sorted by key
    problems: tuple[Problem, ...]  # errors, warnings and notes, sorted; waivers not yet applied
    broken: tuple[str, ...]  # paths of the records with errors, which `studies` lacks


def read_records(root: Path, *, checks: bool = True) -> Records:
    """Read review.toml and every studies/*.yaml.

    Parameters
    ----------
    root : Path
        The review folder.
    checks : bool
        False leaves out the checks of plausibility (SY2xx), for commands that need errors only.

    Raises
    ------
    NoReview
        There is no review.toml in `root`.
    InvalidData
        review.toml cannot be used; all its problems. Or studies/ cannot be read.
    """
    from synthesis.records.read import read_study  # YAML, only for those who read records

    review = _review(root)
    studies: list[Study] = []
    problems: list[Problem] = []
    broken: list[str] = []
    for entry in _entries(root):
        path = f"{STUDIES}/{one_line(entry.name)}"
        if not (entry.name.endswith(ENDING) and KEY.fullmatch(entry.name.removesuffix(ENDING))):
            problems += _not_read(entry.name, path)
            continue
        text, found = _text(root, Path(entry.path), path, link=entry.is_symlink())
        study = None
        if text is not None:
            study, found = read_study(text, path, entry.name.removesuffix(ENDING), review)
        if study is None:
            broken.append(path)
        else:
            studies.append(study)
        problems += found
    if checks:
        from synthesis.records.checks import check_studies

        problems += check_studies(studies, review)
    return Records(review, tuple(studies), tuple(sorted(problems)), tuple(broken))


def _review(root: Path) -> Review:
    from synthesis.records.protocol import read_review

    path = root / FILE
    if not path.is_file():
        raise NoReview(f"no review.toml in {root}: run `synth init DIR`, or name a review folder with --root")
    text, problems = _text(root, path, FILE, link=path.is_symlink())
    if text is None:
        raise InvalidData(problems)
    return read_review(text, (rule.stem for rule in (root / RULES).glob(f"*{ENDING}")))


def _entries(root: Path) -> list[os.DirEntry[str]]:
    """What lies in studies/, sorted by name; nothing where there is no such folder."""
    folder = root / STUDIES
    if not folder.is_dir():
        return []
    try:
        with os.scandir(inside(root, folder)) as entries:
            return sorted(entries, key=lambda entry: entry.name.removesuffix(ENDING))
    except (OSError, SynthesisError) as error:
        problem = Problem(
            STUDIES, 1, 1, "SY100", f"the folder cannot be read: {error}", "make it a folder of the review"
        )
        raise InvalidData([problem]) from error


def _not_read(name: str, path: str) -> Iterator[Problem]:
    """A record that would be passed over without a word because of its name."""
    if Path(name).suffix.lower() in (".yml", ENDING) and not name.startswith("."):
        remedy = "name it with letters, digits, `-`, `_` and `.`, and let it end in .yaml, in small letters"
        yield Problem(path, 1, 1, "SY115", "a record that is not read, because of its name", remedy)


def _text(root: Path, file: Path, path: str, *, link: bool) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a file of the review, or why there is none."""
    if file.exists() and not file.is_file():
        return None, (Problem(path, 1, 1, "SY100", "this is no regular file", "replace it by the file itself"),)
    try:
        data = read_limited(inside(root, file) if link else file, MEGABYTE)
    except SynthesisError as error:
        what = str(error).replace(str(file), "the file")
        return None, (Problem(path, 1, 1, "SY100", what, _unreadable(what)),)
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"byte {data[error.start]:#04x} is not UTF-8"
        return None, (Problem(path, line, column, "SY100", what, NOT_TEXT, Severity.ERROR),)


def _unreadable(what: str) -> str:
    if "larger" in what:
        return "one file, one study: split it, or remove what does not belong"
    if "leads out" in what:
        return "replace the link by the file itself"
    return "check the file and its permissions"
