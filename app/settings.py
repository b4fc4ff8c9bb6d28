"""To be written in this issue: settings."""
