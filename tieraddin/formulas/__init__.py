"""Formulas of cells: read, and those that call our functions worked out without a spreadsheet program."""
