"""Findings to what a rule gives, on columns: any number of cells at once."""
