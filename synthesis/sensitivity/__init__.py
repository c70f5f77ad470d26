"""What would change a pooled result."""
