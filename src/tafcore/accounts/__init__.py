"""Organisations, teams, neighbourhoods, users, sign-in."""
