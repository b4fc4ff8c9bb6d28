"""The relying party: checks one by one, with real keys."""
