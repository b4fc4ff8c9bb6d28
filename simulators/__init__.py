"""Stand-ins for the outside world; never in the production image."""
