"""Our formulas in a workbook, worked out without a spreadsheet program."""
