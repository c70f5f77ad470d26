"""The public face: `import synthesis as sy`."""

import ast
import inspect

import pytest

import synthesis as sy
from synthesis import crosscheck, effects, errors, pooling, scoring, sensitivity
from synthesis.pooling import dependent, moderators, sparse
from synthesis.rendering import plots
from synthesis.scoring import operating
from tests.console import ROOT
from tests.test_imports import HEAVY, loaded

ROOMS = (
    errors, effects, pooling, sensitivity, dependent, moderators, sparse, crosscheck, scoring, operating, plots,
)  # fmt: skip


def names_for_type_checkers():
    """What synthesis/__init__.py imports for type checkers, by name, with the module it comes from."""
    tree = ast.parse((ROOT / "synthesis" / "__init__.py").read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {alias.name: node.module for node in block.body for alias in node.names}


@pytest.mark.parametrize("name", sy.__all__)
def test_every_name_is_the_rooms_own(name):
    """A public name is the very object of its room, in the module that type checkers are told."""
    declared = {room.__name__: room for room in ROOMS}

    assert getattr(sy, name) is getattr(declared[names_for_type_checkers()[name]], name)
    assert name in dir(sy)


def test_type_checkers_see_the_same_names():
    """What is declared for type checkers is what there is, and all that the numeric rooms offer is among it."""
    offered = {name for room in ROOMS if room is not errors for name in room.__all__} - {"check_effects", "PLOTS"}

    assert set(names_for_type_checkers()) == set(sy.__all__)
    assert offered <= set(sy.__all__)


def test_another_name_is_an_ordinary_error():
    """No such attribute; and what is no public name of a layer does not leak out."""
    with pytest.raises(AttributeError, match="no attribute 'meta_analyse'"):
        _ = sy.meta_analyse
    with pytest.raises(AttributeError):
        _ = sy.did_you_mean


def test_pooling_from_the_library_is_light():
    """The first pool loads numpy and scipy.special, and nothing heavier; an error class loads not even those."""
    assert loaded("import synthesis as sy; sy.pool([0.1, 0.2], [1, 1])") & HEAVY == set()
    assert loaded("import synthesis as sy; sy.InvalidArgument") & {"numpy", "scipy"} == set()


@pytest.mark.parametrize("name", [name for name in sy.__all__ if inspect.isfunction(getattr(sy, name))])
def test_public_functions_are_documented_and_typed(name):
    """Each has a docstring and a type for every argument and for its result."""
    signature = inspect.signature(getattr(sy, name))

    assert inspect.getdoc(getattr(sy, name))
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_names_follow_metafor():
    """Columns of a data frame by name, a pool, and what it would be without each study."""
    import pandas as pd

    data = pd.DataFrame({"e": [4, 6, 3], "n": [123, 306, 231], "c": [11, 29, 11], "m": [139, 303, 220]})
    found = sy.escalc("RR", ai="e", n1i="n", ci="c", n2i="m", data=data)
    pooled = sy.pool(found.yi, found.vi, method="EE", test="z")

    assert pooled.k == 3
    assert sy.leave_one_out(found.yi, found.vi, method="EE", test="z")["k"].tolist() == [2, 2, 2]
    assert pooled.estimate == pytest.approx(sum(found.yi / found.vi) / sum(1 / found.vi))
