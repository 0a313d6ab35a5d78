"""Append-only record of changes and openings."""
