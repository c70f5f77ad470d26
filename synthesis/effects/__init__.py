"""Effect sizes from counts, means and printed estimates."""
