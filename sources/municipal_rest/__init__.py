"""Source protocol municipal_rest."""
