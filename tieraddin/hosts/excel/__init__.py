"""Excel on Windows, through xlwings: `functions` is what its COM server imports, `calls` what the add-in's VBA asks."""
