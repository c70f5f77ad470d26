"""The project's own papers agree with one another and with the program."""

import ast
import doctest
import importlib
import re
import tomllib
from importlib import metadata
from itertools import pairwise

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from synthesis.cli import COMMANDS, cli
from tests.console import PAGES, ROOT, commands, filled

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = re.compile(r"^[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*$")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def markdown():
    """Every page of prose, by its path."""
    return sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def pins():
    """The lines of constraints.txt that are neither blank nor comment."""
    return [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]


def needed(requirements):
    """Names of all distributions that these requirements bring into this environment."""
    found, waiting = set(), [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in found:
            found.add(key)
            waiting += [child for child in _children(requirement.name) if _applies(child, requirement.extras)]
    return {name for name, _ in found}


def _children(name):
    return [Requirement(text) for text in metadata.requires(name) or ()]


def _applies(child, extras):
    return child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in {"", *extras})


def test_the_version_is_the_same_everywhere():
    """pyproject.toml, CITATION.cff and the top of CHANGELOG.md name one version."""
    cited = re.search(r"^version: (.+)$", read("CITATION.cff"), re.MULTILINE)[1]
    changed = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)[1]

    assert cited == changed == PROJECT["version"]


def test_every_constraint_is_exact():
    """constraints.txt pins one version a line, each name once."""
    names = [canonicalize_name(line.partition("==")[0]) for line in pins()]

    assert [line for line in pins() if not PINNED.match(line)] == []
    assert sorted(set(names)) == sorted(names)


def test_constraints_cover_all_that_is_installed():
    """What the package and its extra `test` need, directly or not, and what builds it, is pinned."""
    pinned = {canonicalize_name(line.partition("==")[0]) for line in pins()}
    wanted = needed(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])
    building = {Requirement(text).name for text in tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]}

    assert (wanted | building) - pinned == set()


def test_constraints_satisfy_the_requirements():
    """Every pinned version is one that pyproject.toml allows."""
    pinned = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in pins())}
    asked = [Requirement(text) for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]

    assert [str(r) for r in asked if pinned[canonicalize_name(r.name)] not in r.specifier] == []


def test_readme_sets_up_in_two_lines():
    """Two self-contained lines that need nothing but python3; .ci/run takes them from README.md and runs them."""
    lines = [line for line in read("README.md").splitlines() if line.startswith("python3 -m venv ")]

    assert [line.rpartition(" && ")[2] for line in lines] == [".venv/bin/synth pool", ".venv/bin/python -m pytest -q"]
    assert all("-c constraints.txt" in line for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name):
    """A command has help in the registry and of its own, and stands in the README or in docs/."""
    pages = "".join(map(read, ["README.md", *(page for page in markdown() if page.startswith("docs/"))]))

    assert COMMANDS[name][2]
    assert cli.get_command(None, name).help
    assert f"synth {name}" in pages


@pytest.mark.parametrize("page", markdown())
def test_links_lead_somewhere(page):
    """Every link to a file of the repository finds it."""
    assert [link for link in LINK.findall(read(page)) if not (ROOT / page).parent.joinpath(link).exists()] == []


def where_to_add():
    """The rows of CONTRIBUTING's table, cell by cell."""
    table = read("CONTRIBUTING.md").partition("## Where do I add")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@pytest.mark.parametrize("row", where_to_add(), ids=lambda row: row[0])
def test_where_do_i_add_names_what_exists(row):
    """Every path in the table exists, and every registry is defined in the file named after it."""
    names = re.findall(r"`([^`]+)`", " ".join(row[1:3]))
    paths = [name for name in names if "/" in name]
    registries = [(name, path) for name, path in pairwise(names) if name.isupper()]

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [name for name, path in registries if name not in _assigned(path)] == []


def _assigned(path):
    """Names that a module gives a value to at its top level."""
    body = ast.parse(read(path)).body
    targets = [t for node in body if isinstance(node, ast.Assign) for t in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("page", PAGES)
def test_console_examples_print_what_is_shown(page):
    """Every `synth` line of a console block prints what stands under it (`python -m tests.console` renews it)."""
    assert filled(read(page)) == read(page)


def test_the_readme_shows_examples():
    """There is something for the tests of examples to find."""
    assert len(commands(read("README.md"))) >= 3


def test_an_example_that_differs_is_found():
    """A wrong line is replaced; `...` keeps the number of lines shown."""
    page = "```console\n$ synth x\nold\n$ synth y\nold\n...\n```\n"

    assert filled(page, lambda command: f"{command}\ntwo\n") == (
        "```console\n$ synth x\nsynth x\ntwo\n$ synth y\nsynth y\n...\n```\n"
    )


@pytest.mark.parametrize("page", PAGES)
def test_library_examples_give_what_is_shown(page, monkeypatch):
    """The `>>>` lines of the page run, one after another, and print what stands under them."""
    monkeypatch.chdir(ROOT)
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(code, {}, page, page, 0)

    assert doctest.DocTestRunner().run(example).failed == 0


def test_every_code_is_documented():
    """Each SY code that the program can print stands in docs/format.md with its words."""
    words = {}
    for path in sorted((ROOT / "synthesis").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if "CODES" in _assigned(str(path.relative_to(ROOT))):
            words |= importlib.import_module(module).CODES
    used = {
        code for path in (ROOT / "synthesis").rglob("*.py") for code in re.findall(r'"(SY\d{3})"', path.read_text())
    }
    documented = dict(re.findall(r"^\| (SY\d{3}) \| (.+) \|$", read("docs/format.md"), re.MULTILINE))

    assert used - documented.keys() == set()
    assert {code: documented[code] for code in words} == words
