"""Who might this be? Comparing what was typed with who is known, field by field, as an absolute probability."""
