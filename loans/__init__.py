"""What was lent, what is due, what was paid."""
