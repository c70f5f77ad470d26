"""Study records: text that becomes values which remember file and line."""
