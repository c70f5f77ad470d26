"""Which findings count, for what, and as which effect."""
