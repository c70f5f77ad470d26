"""Several records are written together, or none is."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from synthesis.errors import SynthesisError
from synthesis.files import DiskError, write_atomic
from synthesis.records import writing
from synthesis.records.writing import ChangedSinceError, write_records
from tests.records.example import STUDY, write

OLD = STUDY.encode()


@pytest.fixture
def root(tmp_path):
    """A review of three equal records."""
    return write(tmp_path, {"a": STUDY, "b": STUDY, "c": STUDY})


def held(root):
    """The records by name."""
    return {path.name: path.read_bytes() for path in sorted((root / "studies").glob("*"))}


def test_all_are_written(root):
    """Those that change, and a new one; the others are not touched."""
    before = (root / "studies/c.yaml").stat().st_mtime_ns
    changes = {"studies/a.yaml": (OLD, b"1"), "studies/c.yaml": (OLD, OLD), "studies/n.yaml": (None, b"2")}

    assert write_records(root, changes) == ("studies/a.yaml", "studies/n.yaml")
    assert held(root) == {"a.yaml": b"1", "b.yaml": OLD, "c.yaml": OLD, "n.yaml": b"2"}
    assert (root / "studies/c.yaml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("path", "old"), [("studies/b.yaml", b"other"), ("studies/b.yaml", None), ("studies/x.yaml", OLD)]
)
def test_a_record_that_changed_since_stops_all(root, path, old):
    """One that holds other bytes, one that is there already, one that is gone: named, and nothing is written."""
    before = held(root)
    with pytest.raises(ChangedSinceError, match=path) as caught:
        write_records(root, {"studies/a.yaml": (OLD, b"1"), path: (old, b"2")})

    assert caught.value.paths == (path,)
    assert held(root) == before


def test_a_refusal_in_the_middle_puts_everything_back(root, monkeypatch):
    """The disk refuses the third: the first has its old bytes again, the new second is gone."""
    before = held(root)

    def refusing(path: Path, data: bytes) -> None:
        if data == b"3":
            raise DiskError("full")
        write_atomic(path, data)

    monkeypatch.setattr(writing, "write_atomic", refusing)
    with pytest.raises(DiskError, match="full"):
        write_records(
            root,
            {"studies/a.yaml": (OLD, b"1"), "studies/n.yaml": (None, b"2"), "studies/c.yaml": (OLD, b"3")},
        )
    assert held(root) == before


def racing(root, name):
    """A process that writes records of its own, and one that all of them want to make."""
    made = [write_records(root, {f"studies/{name}{number}.yaml": (None, OLD)}) for number in range(10)]
    try:
        write_records(root, {"studies/x.yaml": (None, name.encode()), f"studies/{name}.yaml": (None, b"won")})
    except ChangedSinceError:
        return len(made), ""
    return len(made), name


def test_processes_do_not_overwrite_one_another(root):
    """All records of each are there; the one that all want is made by one, and what belongs to it, too."""
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(racing, [root] * 3, "pqr"))
    won = [name for _, name in done if name]

    assert [number for number, _ in done] == [10, 10, 10]
    assert len(won) == 1
    assert held(root)["x.yaml"] == won[0].encode()
    assert [name for name in "pqr" if f"{name}.yaml" in held(root)] == won
    assert len([name for name in held(root) if name[0] in "pqr" and name[1].isdigit()]) == 30


def test_a_path_that_leads_out_is_refused(root):
    """Nothing outside the review is written."""
    with pytest.raises(SynthesisError, match="leads out"):
        write_records(root, {"../x.yaml": (None, b"1")})
