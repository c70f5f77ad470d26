"""`synth graph`: what the citations show."""

from __future__ import annotations

import click

from synthesis.cli.lazy import LazyGroup

COMMANDS = {
    "bias": ("synthesis.cli.graph.bias", "bias", "Who is cited: supportive against critical data, with a test."),
    "central": ("synthesis.cli.graph.networks", "central", "PageRank, degrees and betweenness of the documents."),
    "cocited": ("synthesis.cli.graph.networks", "cocited", "Documents cited together, or that cite the same."),
    "double-counting": ("synthesis.cli.graph.double_counting", "double_counting", "One sample counted by two ways."),
    "draw": ("synthesis.cli.graph.draw", "draw", "A figure of the graph (SVG, PNG, PDF)."),
    "export": ("synthesis.cli.graph.export", "export", "The graph as GraphML, GEXF, JSON or DOT."),
    "neighbours": (
        "synthesis.cli.graph.neighbours",
        "neighbours",
        "What surrounds some keys in a huge edge file.",
    ),
    "overlap": ("synthesis.cli.graph.overlap", "overlap", "How far reviews rest on the same studies."),
    "path": ("synthesis.cli.graph.path", "path", "The main paths of the citations: SPC, SPLC, SPNP."),
    "provenance": ("synthesis.cli.graph.provenance", "provenance", "The studies and documents behind a number."),
    "retract": ("synthesis.cli.graph.retract", "retract", "What a retraction changes: pools, points, statuses."),
}


@click.group(cls=LazyGroup, commands_of=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def graph() -> None:
    """The citation graph: what lies beneath every number."""
