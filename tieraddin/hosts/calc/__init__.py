"""LibreOffice Calc: `build` makes the extension, `component` runs in it, `calls` answers it, `install` puts it in."""
