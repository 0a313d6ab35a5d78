"""The Family Front Door: the queue of contacts by team, and the page where a family asks for help itself."""
