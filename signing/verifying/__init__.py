"""Checking seals: bytes in, `SealReport` out. Cannot reach keys or sealing, and never opens a connection."""
