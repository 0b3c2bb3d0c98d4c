"""Standard workbooks: what a template says (source), the workbook made of it (build), customers put into it (fill)."""
