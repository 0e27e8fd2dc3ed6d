"""Schema of borrowers."""
