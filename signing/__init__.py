"""How a document is sealed and checked: bytes in, bytes out."""
