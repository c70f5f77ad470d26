"""`synth init`: a folder that passes its own checks, or nothing at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.cli.init import FILES, TEMPLATE
from synthesis.files import DiskError
from synthesis.records import read_records
from synthesis.records.schema import FILES as SCHEMAS
from synthesis.records.schema import schema

BIN = Path(sys.executable).parent


@pytest.fixture
def folder(tmp_path):
    """A new review."""
    path = tmp_path / "review"
    assert init(path).exit_code == 0
    return path


def init(path):
    return CliRunner().invoke(cli, ["init", str(path)])


def run(command, folder):
    """A shell command in the folder, with this environment's `synth` first on the path."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def workflow(folder):
    """The shell commands of the CI workflow."""
    text = yaml.safe_load((folder / ".github/workflows/review.yml").read_text())
    return [step["run"] for step in text["jobs"]["check"]["steps"] if "run" in step]


def hooks(folder):
    """The shell commands of the pre-commit hooks."""
    text = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())
    return [hook["entry"] for repository in text["repos"] for hook in repository["hooks"]]


def test_what_is_written(folder):
    """All files of the template, as they are, and no other."""
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert written == {*FILES.values(), *SCHEMAS.values()}
    assert all(json.loads((folder / path).read_text()) == schema(kind) for kind, path in SCHEMAS.items())
    assert all((folder / name).read_bytes() == (TEMPLATE / source).read_bytes() for source, name in FILES.items())
    assert {path.name for path in TEMPLATE.iterdir()} == set(FILES)


def test_the_example_has_no_problem(folder):
    """The example record is read without error, warning or note, and says that it is invented."""
    records = read_records(folder)

    assert records.problems == ()
    assert [len(study.findings) for study in records.studies] == [2]
    for name in ("studies/example2020.yaml", "bibliography/references.bib", "review.toml", "README.md"):
        assert "invented" in (folder / name).read_text().lower()


def test_the_workflow_and_the_hook_name_the_same_checks(folder):
    """Both run the check and the build; the workflow installs `synth` first."""
    install, *commands = workflow(folder)

    assert install == 'python -m pip install "$SYNTH"'
    assert [command.removesuffix(" --format github") for command in commands] == hooks(folder)
    assert hooks(folder) == ["synth check", "synth build --check"]


@pytest.mark.parametrize("source", [workflow, hooks])
def test_the_commands_pass(folder, source):
    """After one `synth build`, every command of the workflow and of the hook exits 0."""
    built = run("synth build", folder)
    assert built.returncode == 0, built.stderr
    for command in source(folder):
        if command.startswith("synth "):
            done = run(command, folder)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_the_commands_fail_on_a_mistake(folder):
    """With a mistake in the example, the check of the workflow exits 1 and names the line."""
    path = folder / "studies" / "example2020.yaml"
    path.write_text(path.read_text().replace("setting: community", "setting: comunity"))
    done = run(workflow(folder)[1], folder)

    assert done.returncode == 1
    assert "::error file=studies/example2020.yaml,line=12," in done.stdout


def test_a_folder_with_something_in_it(tmp_path):
    """A folder that is not empty is refused as wrong usage and stays as it was."""
    (tmp_path / "notes.txt").write_text("mine")
    result = init(tmp_path)

    assert result.exit_code == 2
    assert "notes.txt" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_under_git(tmp_path):
    """An empty folder will do, also one in which `git init` was run."""
    (tmp_path / ".git").mkdir()
    assert init(tmp_path).exit_code == 0


def test_a_file_in_the_way(tmp_path):
    """A file of that name is wrong usage."""
    (tmp_path / "review").write_text("")
    assert init(tmp_path / "review").exit_code == 2


def test_nothing_is_left_half_written(tmp_path, monkeypatch):
    """When the disk refuses the last file, neither files nor folders are left."""
    real = Path.replace

    def refuse(self, target):
        if Path(target).name == "review.toml":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    result = init(tmp_path / "a" / "review")

    assert isinstance(result.exception, DiskError)
    assert list(tmp_path.iterdir()) == []
