"""Fast tests of one room."""
