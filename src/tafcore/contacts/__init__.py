"""A request or concern from any door: the same questions, the same clocks, an answer, and a reply."""
