"""The people helped together: membership, households, and who may see them."""
