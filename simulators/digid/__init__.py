"""DigiD, imitated: a program of its own that speaks real OpenID Connect. For demo and tests; loopback only."""
