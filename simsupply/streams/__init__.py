"""Keyed random numbers: a draw depends on what it is for, never on when it is asked for."""
