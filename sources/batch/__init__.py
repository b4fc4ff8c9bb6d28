"""Source protocol batch: a municipality delivers files instead of answering questions."""
