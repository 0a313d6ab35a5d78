"""The voluntary sector: what its organisations offer, what is asked of them, and how long a family waits."""
