"""Fixtures come from tafcore.testing, as they do for plugin authors."""
