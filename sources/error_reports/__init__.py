"""Telling an organisation that a citizen says that something about a claim is wrong."""
