"""What a debt is: plain Python, no I/O, no framework."""
