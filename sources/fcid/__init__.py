"""Source protocol fcid."""
