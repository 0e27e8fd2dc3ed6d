"""Plain Python: values and rules of loans, with no framework, no clock and no I/O."""
