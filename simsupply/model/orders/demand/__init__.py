"""Kinds of demand: who wants to order when."""
