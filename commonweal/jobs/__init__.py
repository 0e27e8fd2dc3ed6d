"""Long work as rows: claimed with a lease, seen with a progress bar, safe to repeat."""
