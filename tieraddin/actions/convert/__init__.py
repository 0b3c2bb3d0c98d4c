"""Branch offices' lists into standard workbooks: many files, one template."""

LIMIT: float = 120
"""Seconds that a file may take where no other limit is given."""
