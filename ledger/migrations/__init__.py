"""Schema of ledger."""
