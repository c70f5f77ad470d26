"""Make the files of this folder from the full reference files: python tests/data/reference/trim.py FOLDER."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
METHODS = ("EE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM")
MODEL = ("tau2", "se.tau2", "I2", "H2", "QE", "QEp", "fit_stats", "ci_qprofile", "error")
TEST = ("b", "se", "stat", "df", "pval", "ci.lb", "ci.ub")


def only(names, values):
    """The entries of a mapping that are named, in that order."""
    return {name: values[name] for name in names if name in values}


def model(values):
    """One method's results: the model and, for each test, the mean with its interval and prediction interval."""
    tests = {name: one for name, one in values["tests"].items() if "b" in one}
    kept = {
        name: only(TEST, one) | {"riley": (one.get("prediction_interval") or {}).get("riley")}
        for name, one in tests.items()
    }
    return only(MODEL, values) | {"tests": kept}


def pooling(block):
    return {
        "methods": {name: model(values) for name, values in only(METHODS, block["outputs"]["methods"]).items()},
        "other": block["outputs"]["other"],
    }


def edge_cases(block):
    return {"methods": {name: model(values) for name, values in only(METHODS, block["outputs"]).items()}}


def publication_bias(block):
    return {"lm|sei": block["outputs"]["regtest"]["lm|sei"]}


def diagnostics(block):
    return {name: one["leave1out"] for name, one in block["outputs"].items() if "leave1out" in one}


FILES = {  # file: (how a block's outputs are trimmed, inputs to keep or None for all, blocks to keep or None)
    "pooling": (pooling, ("yi", "vi"), None),
    "edge_cases": (edge_cases, ("yi", "vi"), None),
    "publication_bias": (publication_bias, ("yi", "vi"), None),
    "diagnostics": (diagnostics, ("yi", "vi"), None),
}


def trimmed(source, name):
    """The text of one trimmed file, a block a line."""
    outputs, inputs, blocks = FILES[name]
    full = json.loads((source / f"{name}.json").read_text())
    lines = []
    for block in full["blocks"]:
        found = outputs(block) if blocks is None or block["id"] in blocks else None
        if found:
            given = block["inputs"] if inputs is None else only(inputs, block["inputs"])
            lines.append(json.dumps({"id": block["id"], "inputs": given, "outputs": found}))
    head = json.dumps({"family": full["family"], "software": full["software"]})[:-1]
    return head + ', "blocks": [\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    for file in FILES:
        (HERE / f"{file}.json").write_text(trimmed(Path(sys.argv[1]), file))
