"""A rule file to a frozen rule: text to nodes, nodes to steps, every fault with its place."""
