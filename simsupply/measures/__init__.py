"""Metrics: pure functions of records; splits by group."""
