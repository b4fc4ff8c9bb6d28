"""The corpus of sealed and tampered files, and what we say of them."""
