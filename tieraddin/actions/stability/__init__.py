"""Whether grades last: two periods against each other."""
