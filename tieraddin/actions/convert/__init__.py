"""Branch offices' lists into standard workbooks: many files, one template."""
