"""A backup of everything, and its rehearsed restore."""
