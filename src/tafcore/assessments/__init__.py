"""Visits, and each child's own voice."""
