"""Health visitors: the five reviews of every child under five, and the hand-over to school nursing."""
