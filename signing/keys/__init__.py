"""Where a sealing key lives."""
