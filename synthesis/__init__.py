"""Evidence synthesis: records, pooled effects, points, and the one checked against the other."""
