"""Who is to be contacted when, and how much work that is."""
