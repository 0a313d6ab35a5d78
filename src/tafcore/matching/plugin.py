"""What matching contributes: a key table that keeps itself."""

from tafcore.matching import index

__all__ = ["index"]
