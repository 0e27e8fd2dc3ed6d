"""Plain Python: values and rules of ledger, with no framework, no clock and no I/O."""
