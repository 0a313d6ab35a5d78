"""The pets of a family, so that nobody who visits is surprised by the dog."""
