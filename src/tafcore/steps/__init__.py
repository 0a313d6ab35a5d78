"""Movement between early help and statutory services, closing, and asking afterwards whether it held."""
