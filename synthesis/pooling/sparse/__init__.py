"""Counts and sparse data: pooling without effects of single studies."""
