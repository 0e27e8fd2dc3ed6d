"""The investor's screens."""
