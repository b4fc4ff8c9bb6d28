"""Tests with processes, TLS and databases."""
