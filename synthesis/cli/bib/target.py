"""Which .bib file of the review a command writes to."""

from __future__ import annotations

from pathlib import Path


def target_file(root: Path, name: str | None) -> Path:
    """The file of `bibliography/` with a name; without one references.bib, or the only file that there is.

    Raises
    ------
    InvalidArgument
        The name is none of a .bib file of the folder, or there are several files and none is chosen.
    """
    from synthesis.bibliography.library import FOLDER, bib_files
    from synthesis.errors import InvalidArgument
    from synthesis.files import inside

    folder = root / FOLDER
    if name is not None:
        if not name.endswith(".bib") or Path(name).name != name:
            raise InvalidArgument(f"--file {name}: give the name of a .bib file of {FOLDER}/, without a folder")
        return inside(root, folder / name)
    found = bib_files(folder)
    default = folder / "references.bib"
    if len(found) <= 1 or default in found:
        return inside(root, found[0] if len(found) == 1 else default)
    names = ", ".join(path.name for path in found)
    raise InvalidArgument(f"{FOLDER}/ has several files: choose one of them with --file: {names}")
