"""Schema of investors."""
