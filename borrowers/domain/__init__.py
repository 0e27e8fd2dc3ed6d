"""Plain Python: values and rules of borrowers, with no framework, no clock and no I/O."""
