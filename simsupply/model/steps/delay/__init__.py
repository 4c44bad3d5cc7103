"""Delays: orders wait for so many minutes."""
