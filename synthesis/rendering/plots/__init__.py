"""Figures, one a module; the only users of matplotlib."""
