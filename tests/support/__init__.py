"""Helpers that several tests share. Never part of the product."""
