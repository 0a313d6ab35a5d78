"""Persons: who they are, what was said about them, how to reach them, and what must stay hidden."""
