"""The command, as somebody runs it."""
