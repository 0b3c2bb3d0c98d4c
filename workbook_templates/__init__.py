"""Workbooks that the product ships, and the script that builds them."""
