"""My work: what waits for me, and my families."""
