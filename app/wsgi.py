"""To be written in this issue: wsgi."""
