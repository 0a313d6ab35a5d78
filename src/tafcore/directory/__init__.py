"""Services to point families to, and waits for them."""
