"""Points against pools against print."""
