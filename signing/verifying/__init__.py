"""Bytes to SealReport; cannot import keys or sealing."""
