"""Sweeps: designs, store, executors."""
