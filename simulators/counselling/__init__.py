"""The identity provider of a counselling organisation, imitated. For demo and tests; loopback only."""
