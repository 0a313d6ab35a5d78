"""Rules that say a sentence when help has stopped moving. Never a score."""
