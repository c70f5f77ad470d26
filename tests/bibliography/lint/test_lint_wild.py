"""Libraries of others, which their licences keep out of this repository: on the machine of the project alone."""

from pathlib import Path

import pytest

from synthesis.bibliography import lint, read_library
from synthesis.bibliography.lint import RULES
from synthesis.bibliography.lint.fixing import fixed

SHARED = Path("/work/shared/bib/messy")

if SHARED.exists():

    @pytest.mark.parametrize("path", sorted(SHARED.glob("*.bib")), ids=lambda path: path.stem)
    def test_libraries_of_others(path):
        """No rule stumbles; fixes leave less to say, and are made once; entries without a change keep their bytes."""
        library = read_library(path)
        done = fixed(library)
        named = {change.key for change in done.changes}

        assert len(lint(done.after, select=list(RULES))) <= len(lint(library, select=list(RULES)))
        assert fixed(done.after).changes == ()
        for old, new in zip(library.entries, done.after.entries, strict=True):
            assert (old.raw == new.raw) == (old.key not in named)
