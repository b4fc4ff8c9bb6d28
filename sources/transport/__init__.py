"""The only place in sources that opens a connection or parses XML."""
