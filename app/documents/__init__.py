"""Overview to bytes, pure."""
