"""Errors of this room."""
