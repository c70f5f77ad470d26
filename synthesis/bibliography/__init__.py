"""The library: BibTeX as blocks that keep their bytes."""
