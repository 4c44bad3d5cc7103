"""The model: it simulates a strategy in a scenario."""
