"""The runs: one module per kind of long work, each registered with `@job("…")` and found by itself."""
