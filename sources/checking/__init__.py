"""`blauwe-knop sources check`: walk from settings to a test person, and tell which step is the first that fails.

It asks the adapter itself, without circuit breaker, pools or gathering: it opens no circuit and counts as nobody's
question.
"""
