"""Results: numbers only; the one registry of tables."""
