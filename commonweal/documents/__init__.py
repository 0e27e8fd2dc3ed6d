"""Statements as PDF: charts, rendering, issuing, storing."""
