"""The identity provider for employees of a municipality, imitated. For demo and tests; loopback only."""
