"""Schema of loans."""
