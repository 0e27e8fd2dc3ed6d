"""Plain Python: values and rules of investors, with no framework, no clock and no I/O."""
