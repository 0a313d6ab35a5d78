"""Is anyone better off? Figures for the Board, which never identify a family."""
