"""Legs: fleets, trips, milk runs."""
