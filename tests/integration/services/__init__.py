"""Use cases with real stores, keys and files."""
