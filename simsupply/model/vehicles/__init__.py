"""Legs: fleets, trips, milk runs, given routes."""
