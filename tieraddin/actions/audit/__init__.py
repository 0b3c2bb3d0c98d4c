"""Faults of records, and what they cost."""
