"""Where the sealing key lives. Only start-up code may name this package."""
