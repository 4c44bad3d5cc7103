"""Kinds of release: when orders of a channel are taken in, and whose."""
