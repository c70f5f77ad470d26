"""Everything above as text, tables and figures: {relative path: bytes}."""
