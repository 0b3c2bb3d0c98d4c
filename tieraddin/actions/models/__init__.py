"""Models as files and worksheets: listed, drawn up, checked, kept."""
