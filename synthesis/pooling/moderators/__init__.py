"""Effects that differ with what the studies are: meta-regression, subgroups, permutation tests."""
