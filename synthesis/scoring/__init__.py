"""The points rule, as data, and the matrix it gives."""
