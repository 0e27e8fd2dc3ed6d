"""The fund manager's screens, one module per area."""
