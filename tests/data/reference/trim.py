"""Make the files of this folder from the full reference files: python tests/data/reference/trim.py FOLDER."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent


def only(names, values):
    """The entries of a mapping that are named, in that order."""
    return {name: values[name] for name in names if name in values}


def publication_bias(block):
    return {"lm|sei": block["outputs"]["regtest"]["lm|sei"]}


def diagnostics(block):
    return {name: one["leave1out"] for name, one in block["outputs"].items() if "leave1out" in one}


FILES = {  # file: (how a block's outputs are trimmed, inputs to keep or None for all, blocks to keep or None)
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
