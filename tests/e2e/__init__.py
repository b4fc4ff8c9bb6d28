"""Journeys in a real browser over real HTTP, against the whole demo."""
