"""Files that become commands: reading them, staging their rows, and bringing the rows in a few at a time."""
