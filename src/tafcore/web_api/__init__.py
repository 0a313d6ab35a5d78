"""The JSON API at /api/v1: the same commands and views as the pages, for partner systems."""
