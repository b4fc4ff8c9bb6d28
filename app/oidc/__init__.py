"""Relying party: the rest of the code sees a Principal, never a token."""
