"""The journeys: read them from top to bottom."""
