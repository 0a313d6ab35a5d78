"""Practice standards: how long each piece of work may take, on England's working days, and how that is said."""
