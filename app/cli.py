"""To be written in this issue: cli."""
