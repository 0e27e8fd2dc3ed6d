"""What a fund publishes for anybody to check: deals and grants in public formats, each figure tied to the ledger."""
