"""Filters that only documents need."""
