"""The whole service with everything around it simulated: `make demo`.

A composition of its own: only here plain http is accepted, and only on loopback addresses.
"""
