"""Shared by the sites: status table, security headers, CSRF, limits, session interface."""
