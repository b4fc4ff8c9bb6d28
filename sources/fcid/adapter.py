"""To be written in this issue: the FCID adapter."""
