"""Functions for cells, in Excel's own terms. None yet: they come with the add-in."""
