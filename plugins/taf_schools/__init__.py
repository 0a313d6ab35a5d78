"""Schools: where a child goes, and how often they are there."""
