"""A run at midnight as plain arrays, from which it can go on bit by bit."""
