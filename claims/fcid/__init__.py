"""Financial Claims Information Document: wire names, reader and writer for v3 and v4.1."""
