"""Tools for building and checking."""
