"""The community business's screens."""
