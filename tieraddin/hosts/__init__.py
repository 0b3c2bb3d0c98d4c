"""Programs that show workbooks: what they call us with, and what is put into them."""
