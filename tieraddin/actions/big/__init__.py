"""Tables larger than memory, in parts."""
