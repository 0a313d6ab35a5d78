"""OptiVita: help from before birth to five for children of the areas that need it most."""
