"""What a page costs, as a ratio to a limit and to a peer that were measured in the same run: `make bench`."""
