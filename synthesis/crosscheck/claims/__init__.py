"""What published documents claim, against one another and against the studies."""
