"""Use cases, one public method each."""
