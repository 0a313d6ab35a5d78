"""A synthetic borough to try the program in. Nobody in it is real."""
