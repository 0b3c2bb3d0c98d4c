"""A workbook that is open in LibreOffice Calc: `workbook` is the port, `reading` and `writing` its cells.

All works on LibreOffice's own objects (UNO), as they are handed in; of LibreOffice only `uno` is imported,
where a chart is placed.
"""
