"""The mix of customers against its norm."""
