"""The authorization server for app back ends: who asks, what a citizen allows, and the short tokens that follow."""
