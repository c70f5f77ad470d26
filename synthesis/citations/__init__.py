"""The citation graph beneath the review."""
