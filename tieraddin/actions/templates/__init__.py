"""Standard workbooks, empty or filled."""
