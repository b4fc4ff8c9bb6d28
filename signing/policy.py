"""Whom a verifier trusts."""
