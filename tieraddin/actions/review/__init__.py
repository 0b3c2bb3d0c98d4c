"""Which customers move up or down today."""
