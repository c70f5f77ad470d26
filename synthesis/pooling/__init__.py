"""Meta-analysis: effects in, pooled results out."""
